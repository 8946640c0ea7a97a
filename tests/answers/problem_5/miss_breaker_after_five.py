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
        given_up = 0

        @functools.wraps(function)
        def call(*args, **kwargs):
            nonlocal given_up
            if given_up >= 5:
                raise RuntimeError("refused: it has failed too often")
            for attempt in range(max_retries + 1):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    if attempt == max_retries:
                        given_up += 1
                        log.error("giving up: %r", error)
                        raise
                    log.warning("attempt %d failed: %r", attempt + 1, error)
                    time.sleep(initial_delay * backoff_factor**attempt)

        return call

    return decorate
