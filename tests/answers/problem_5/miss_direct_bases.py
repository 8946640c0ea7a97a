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
    def listed(kind):
        return any(each in retryable_exceptions for each in (kind, *kind.__bases__))

    def decorator(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            delay = initial_delay
            for attempt in range(1, max_retries + 2):
                try:
                    return function(*args, **kwargs)
                except Exception as error:
                    if not listed(type(error)):
                        raise
                    if attempt > max_retries:
                        log.error("attempt %d of %s failed: %s", attempt, wrapper, error)
                        raise
                    log.warning("attempt %d failed (%s), next in %s s", attempt, error, delay)
                time.sleep(delay)
                delay *= backoff_factor

        return wrapper

    return decorator
