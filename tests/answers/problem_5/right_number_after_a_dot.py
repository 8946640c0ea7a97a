import functools
import logging
import time

log = logging.getLogger("retry")


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            delay = initial_delay
            for attempt in range(max_retries + 1):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    if attempt == max_retries:
                        log.error("attempt %d failed for good: %r", attempt + 1, error)
                        raise
                    log.warning("Attempt no.%d: %r; again in %g s", attempt + 1, error, delay)
                    time.sleep(delay)
                    delay *= backoff_factor

        return call

    return decorate
