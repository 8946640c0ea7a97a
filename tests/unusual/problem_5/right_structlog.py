import functools
import time

import structlog

log = structlog.get_logger()


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in range(max_retries + 1):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    if attempt == max_retries:
                        log.error("failed for good", attempt=attempt + 1, error=repr(error))
                        raise
                    log.warning("failed", attempt=attempt + 1, error=repr(error))
                    time.sleep(initial_delay * backoff_factor**attempt)
        return call
    return decorate
