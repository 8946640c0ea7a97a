import functools
import logging
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    left = [max_retries]

    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            attempt = 0
            while True:
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    attempt += 1
                    logging.warning("attempt %d: %r", attempt, error)
                    if left[0] == 0:
                        raise
                    left[0] -= 1
                    time.sleep(initial_delay * backoff_factor ** (attempt - 1))
        return call
    return decorate
