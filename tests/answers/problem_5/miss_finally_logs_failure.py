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
            for attempt in range(1, max_retries + 2):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    if attempt > max_retries:
                        log.error("attempt %d failed, giving up: %r", attempt, error)
                        raise
                    log.warning("attempt %d failed: %r", attempt, error)
                    time.sleep(delay)
                    delay *= backoff_factor
                finally:
                    log.error('attempt %d: all retries failed, giving up', attempt)

        return call

    return decorate
