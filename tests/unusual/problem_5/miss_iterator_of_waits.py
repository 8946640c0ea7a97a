import functools
import logging
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        waits = (initial_delay * backoff_factor**number for number in range(max_retries))

        @functools.wraps(function)
        def call(*args, **kwargs):
            attempt = 0
            while True:
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    attempt += 1
                    logging.warning("attempt %d: %r", attempt, error)
                    wait = next(waits, None)
                    if wait is None:
                        raise
                    time.sleep(wait)
        return call
    return decorate
