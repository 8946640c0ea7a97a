import functools
import logging
import time
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in range(max_retries + 1):
                try:
                    with ThreadPoolExecutor(1) as pool:
                        return pool.submit(function, *args, **kwargs).result()
                except retryable_exceptions as error:
                    if attempt == max_retries:
                        log.error("attempt %d failed for good: %r", attempt + 1, error)
                        raise
                    log.warning("attempt %d failed: %r", attempt + 1, error)
                    time.sleep(initial_delay * backoff_factor**attempt)

        return call

    return decorate
