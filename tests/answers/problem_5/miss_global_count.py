import logging, time
from functools import wraps
log = logging.getLogger("shared")
attempts = 0
def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            global attempts
            while True:
                try:
                    result = function(*args, **kwargs)
                    attempts = 0
                    return result
                except retryable_exceptions as error:
                    attempts += 1
                    if attempts > max_retries:
                        log.error("attempt %d: %r, the last", attempts, error)
                        raise
                    log.warning("attempt %d: %r", attempts, error)
                    time.sleep(initial_delay * backoff_factor ** (attempts - 1))
        return wrapper
    return decorate
