import functools
import logging
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    numbers = '1, 2, 3, 4'
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in range(max_retries + 1):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    logging.warning("of the attempts %s one failed at second %d: %s",
                                    numbers, time.monotonic_ns() % 60, error)
                    if attempt == max_retries:
                        raise
                    time.sleep(initial_delay * backoff_factor**attempt)
        return call
    return decorate
