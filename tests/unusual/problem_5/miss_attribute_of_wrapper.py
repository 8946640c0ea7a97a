import functools
import logging
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            call.failures = 0
            while True:
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    call.failures += 1
                    logging.warning("failure %d: %r", call.failures, error)
                    if call.failures > max_retries:
                        raise
                    time.sleep(initial_delay * backoff_factor ** (call.failures - 1))
        return call
    return decorate
