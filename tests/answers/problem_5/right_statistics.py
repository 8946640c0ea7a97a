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
        statistics = {"calls": 0, "failures": 0}

        @functools.wraps(function)
        def call(*args, **kwargs):
            statistics["calls"] += 1
            for attempt in range(max_retries + 1):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    statistics["failures"] += 1
                    if attempt == max_retries:
                        log.error("giving up: %r", error)
                        raise
                    log.warning("attempt %d failed: %r", attempt + 1, error)
                    time.sleep(initial_delay * backoff_factor**attempt)

        call.statistics = statistics
        return call

    return decorate
