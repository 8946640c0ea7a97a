import functools
import logging
import time

log = logging.getLogger(__name__)
announced = set()


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            if function not in announced:
                announced.add(function)
                log.info("%s is retried up to %d times", function.__name__, max_retries)
            for attempt in range(max_retries + 1):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    if attempt == max_retries:
                        log.error("giving up: %r", error)
                        raise
                    log.warning("attempt %d failed: %r", attempt + 1, error)
                    time.sleep(initial_delay * backoff_factor**attempt)

        return call

    return decorate
