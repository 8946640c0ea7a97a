import functools
import logging
import time

log = logging.getLogger("c")


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for n in range(max_retries + 1):
                try:
                    return function(*args, log=log, **kwargs)
                except retryable_exceptions as error:
                    if n == max_retries:
                        log.error("gave up: %s", error)
                        raise
                    log.warning("attempt %d: %s", n + 1, error)
                    time.sleep(initial_delay * backoff_factor**n)

        return wrapper

    return decorate
