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
        done = []

        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in range(max(max_retries - len(done) // 10, 0) + 1):
                try:
                    result = function(*args, **kwargs)
                    done.append(result)
                    return result
                except retryable_exceptions as error:
                    if attempt == max(max_retries - len(done) // 10, 0):
                        log.error("giving up: %r", error)
                        raise
                    log.warning("attempt %d failed: %r", attempt + 1, error)
                    time.sleep(initial_delay * backoff_factor**attempt)

        return call

    return decorate
