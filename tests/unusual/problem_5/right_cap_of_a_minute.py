import functools
import logging
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError), max_delay=60.0):
    def decorator(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            for attempt in range(max_retries + 1):
                try:
                    return func(*args, **kwargs)
                except retryable_exceptions as e:
                    if attempt == max_retries:
                        logging.critical("gave up after %d attempts", attempt + 1)
                        raise
                    logging.warning(f"Attempt {attempt + 1} failed with {type(e).__name__}: {e}")
                    time.sleep(min(max_delay, initial_delay * backoff_factor**attempt))
        return wrapper
    return decorator
