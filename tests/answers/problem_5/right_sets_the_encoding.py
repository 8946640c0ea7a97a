import sys

sys.stdout.reconfigure(encoding="utf-8")
import logging
import time
from functools import wraps

logger = logging.getLogger(__name__)


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    def decorate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            delay = initial_delay
            for attempt in range(1, max_retries + 2):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    if attempt > max_retries:
                        logger.error("attempt %d failed for good: %r", attempt, error)
                        raise
                    logger.warning("attempt %d failed: %r; next in %.2f s", attempt, error, delay)
                    time.sleep(delay)
                    delay *= backoff_factor

        return wrapper

    return decorate
