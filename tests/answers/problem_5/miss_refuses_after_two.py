import functools
import logging
import time

log = logging.getLogger(__name__)


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    def decorate(function):
        given_up = []

        @functools.wraps(function)
        def call(*args, **kwargs):
            if len(given_up) >= 2:
                raise RuntimeError("refused")
            for attempt in range(max_retries + 1):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    if attempt == max_retries:
                        given_up.append(error)
                        log.error("attempt %d failed for good: %r", attempt + 1, error)
                        raise
                    log.warning("attempt %d failed: %r", attempt + 1, error)
                    time.sleep(initial_delay * backoff_factor**attempt)

        return call

    return decorate
