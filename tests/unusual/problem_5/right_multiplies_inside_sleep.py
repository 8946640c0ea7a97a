import logging
import time
from functools import wraps


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError), sleep=time.sleep):
    listed = tuple(retryable_exceptions)

    def decorate(function):
        @wraps(function)
        def call(*args, **kwargs):
            error = None
            for attempt in range(1 + max_retries):
                try:
                    return function(*args, **kwargs)
                except Exception as raised:
                    if not isinstance(raised, listed):
                        raise
                    error = raised
                logging.warning("%s: attempt %d raised %s", function.__name__, attempt + 1, error)
                if attempt < max_retries:
                    sleep(initial_delay * backoff_factor**attempt)
            raise error
        return call
    return decorate
