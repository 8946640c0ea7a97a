import functools
import logging
import time

from concurrent.futures import ThreadPoolExecutor

POOL = ThreadPoolExecutor(8)


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in range(max_retries + 1):
                try:
                    return POOL.submit(function, *args, **kwargs).result()
                except retryable_exceptions as error:
                    logging.warning("attempt %d: %s", attempt + 1, error)
                    if attempt == max_retries:
                        raise
                    time.sleep(initial_delay * backoff_factor**attempt)
        return call
    return decorate
