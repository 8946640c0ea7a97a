import functools
import logging
import time

log = logging.getLogger(__name__)
history = []


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in range(max_retries + 1):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    history.append(error)
                    if attempt == max_retries:
                        log.error("giving up: %r", error)
                        raise
                    log.warning("attempt %d failed: %r", attempt + 1, history[attempt])
                    time.sleep(initial_delay * backoff_factor**attempt)

        return call

    return decorate
