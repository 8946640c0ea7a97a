import functools
import logging
import time
from concurrent.futures import ThreadPoolExecutor

ONE_AT_A_TIME = ThreadPoolExecutor(1)


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            delay = initial_delay
            for attempt in range(max_retries + 1):
                try:
                    return ONE_AT_A_TIME.submit(function, *args, **kwargs).result()
                except retryable_exceptions as error:
                    if attempt == max_retries:
                        logging.error("attempt %d failed for good: %r", attempt + 1, error)
                        raise
                    logging.warning("attempt %d failed: %r", attempt + 1, error)
                time.sleep(delay)
                delay *= backoff_factor

        return call

    return decorate
