import functools
import logging
import time
import random

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
                        log.error("gave up after attempt %d: %s", attempt, error)
                        raise
                    log.warning("attempt %d: %s", attempt, error)
                    time.sleep(delay * random.uniform(1, 1.05))
                    delay *= backoff_factor

        return wrapper

    return decorate
