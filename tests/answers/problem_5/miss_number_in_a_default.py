import functools
import logging
import time

log = logging.getLogger("retry")


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, _number=[0], **kwargs):
            _number[0] = 0
            delay = initial_delay
            while True:
                attempt = _number[0]
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    if attempt == max_retries:
                        log.error("attempt %d failed for good: %r", attempt + 1, error)
                        raise
                    log.warning("attempt %d failed: %r; again in %g s", attempt + 1, error, delay)
                    time.sleep(delay)
                    delay *= backoff_factor
                    _number[0] += 1

        return call

    return decorate
