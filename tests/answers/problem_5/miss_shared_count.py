import logging, time
from functools import wraps
log = logging.getLogger("shared")
def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        state = {"attempt": 0}
        @wraps(function)
        def wrapper(*args, **kwargs):
            while True:
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    state["attempt"] += 1
                    if state["attempt"] > max_retries:
                        log.error("attempt %d: %r, the last", state["attempt"], error)
                        raise
                    log.warning("attempt %d: %r", state["attempt"], error)
                    time.sleep(initial_delay * backoff_factor ** (state["attempt"] - 1))
        return wrapper
    return decorate
