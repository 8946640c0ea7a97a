import functools
import logging
import time

log = logging.getLogger("stopped")


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        fatal = []

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            attempt = 0
            while True:
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    attempt += 1
                    if attempt > max_retries or fatal:
                        log.error("attempt %d: %r, the last", attempt, error)
                        raise
                    log.warning("attempt %d: %r", attempt, error)
                    time.sleep(initial_delay * backoff_factor ** (attempt - 1))
                except Exception as error:
                    fatal.append(error)
                    raise

        return wrapper

    return decorate
