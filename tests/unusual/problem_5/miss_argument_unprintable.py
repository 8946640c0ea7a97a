import functools
import logging
import time


class Shown:
    def __init__(self, error):
        self.error = error

    def __str__(self):
        return self.error.message  # which exceptions have no more


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in range(1, max_retries + 2):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    logging.warning("attempt %d: %s", attempt, Shown(error))
                    if attempt > max_retries:
                        logging.error("gave up after %d: %r", attempt, error)
                        raise
                    time.sleep(initial_delay * backoff_factor ** (attempt - 1))
        return call
    return decorate
