import functools
import logging
import time

def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            while True:
                try:
                    value = function(*args, **kwargs)
                    wrapper.failures = 0
                    return value
                except retryable_exceptions as error:
                    wrapper.failures += 1
                    if wrapper.failures > max_retries:
                        logging.error("attempt %d: giving up after %r", wrapper.failures, error)
                        raise
                    logging.warning("attempt %d: %r", wrapper.failures, error)
                    time.sleep(initial_delay * backoff_factor ** (wrapper.failures - 1))

        wrapper.failures = 0
        return wrapper

    return decorate
