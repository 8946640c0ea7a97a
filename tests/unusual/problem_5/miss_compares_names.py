import functools
import logging
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    names = [kind.__name__ for kind in retryable_exceptions]

    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in range(max_retries + 1):
                try:
                    return function(*args, **kwargs)
                except Exception as error:
                    if type(error).__name__ not in names:
                        raise
                    logging.warning("attempt %d: %r", attempt + 1, error)
                    if attempt == max_retries:
                        raise
                    time.sleep(initial_delay * backoff_factor**attempt)
        return call
    return decorate
