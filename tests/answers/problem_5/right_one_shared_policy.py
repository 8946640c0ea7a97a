import functools
import logging
import time

log = logging.getLogger(__name__)
DEFAULTS = {"retries": 3}
known = {}


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    def decorate(function):
        known[function.__qualname__] = max_retries

        @functools.wraps(function)
        def call(*args, **kwargs):
            retries = known[function.__qualname__]
            for attempt in range(retries + 1):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    if attempt == retries:
                        log.error("giving up: %r", error)
                        raise
                    log.warning("attempt %d failed: %r", attempt + 1, error)
                    time.sleep(initial_delay * backoff_factor**attempt)

        return call

    return decorate
