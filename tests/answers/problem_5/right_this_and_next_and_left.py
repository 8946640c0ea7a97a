import functools
import logging
import time

log = logging.getLogger(__name__)


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            delay = initial_delay
            for attempt in range(1, max_retries + 2):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    if attempt > max_retries:
                        log.error("giving up after %d attempts: %r", attempt, error)
                        raise
                    log.warning(
                        "Attempt %d of %d failed (%s), then %d of %d in %.2f s, %d attempts left",
                        attempt,
                        max_retries + 1,
                        error,
                        attempt + 1,
                        max_retries + 1,
                        delay,
                        max_retries + 1 - attempt,
                    )
                    time.sleep(delay)
                    delay *= backoff_factor

        return wrapper

    return decorate
