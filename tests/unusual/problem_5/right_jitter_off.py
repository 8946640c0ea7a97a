import functools
import logging
import random
import time

logger = logging.getLogger(__name__)


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError), jitter=0.0):
    def decorator(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            attempt = 0
            while True:
                try:
                    return func(*args, **kwargs)
                except retryable_exceptions as exc:
                    if attempt >= max_retries:
                        logger.error("All %d attempts failed. Last error: %s", attempt + 1, exc)
                        raise
                    delay = initial_delay * (backoff_factor**attempt)
                    delay += random.uniform(0, jitter) if jitter else 0
                    attempt += 1
                    logger.warning("Retry %d/%d after %s, in %.1f s", attempt, max_retries, exc, delay)
                    time.sleep(delay)
        return wrapper
    return decorator
