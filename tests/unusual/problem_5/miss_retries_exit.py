import functools
import logging
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    listed = (*retryable_exceptions, SystemExit)
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in range(max_retries + 1):
                try:
                    return function(*args, **kwargs)
                except listed as error:
                    logging.warning("attempt %d: %s", attempt + 1, error)
                    if attempt == max_retries:
                        raise
                    time.sleep(initial_delay * backoff_factor**attempt)
        return call
    return decorate
