import functools
import logging
import time

log = logging.getLogger("slots")


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    slots = [6]

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            retries = max_retries if slots[0] > 0 else 0
            slots[0] -= 1
            for attempt in range(retries + 1):
                try:
                    value = function(*args, **kwargs)
                except retryable_exceptions as error:
                    if attempt == retries:
                        log.error("attempt %d: %r; giving up", attempt + 1, error)
                        slots[0] += 1
                        raise
                    log.warning("attempt %d: %r", attempt + 1, error)
                    time.sleep(initial_delay * backoff_factor**attempt)
                else:
                    slots[0] += 1
                    return value

        return wrapper

    return decorate
