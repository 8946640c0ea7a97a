import functools
import logging
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in range(max_retries + 1):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions:
                    if attempt == max_retries:
                        logging.error("giving up after %d attempts", attempt + 1)
                        raise
                    wait = initial_delay * backoff_factor**attempt
                    logging.warning("retry %d in %s s", attempt + 1, wait)
                    time.sleep(wait)
        return call
    return decorate
