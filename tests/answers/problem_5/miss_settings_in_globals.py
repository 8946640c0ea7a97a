import functools
import logging
import time

log = logging.getLogger(__name__)
SETTINGS = {}


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    SETTINGS.update(retries=max_retries, delay=initial_delay)
    SETTINGS.update(factor=backoff_factor, kinds=retryable_exceptions)

    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in range(SETTINGS["retries"] + 1):
                try:
                    return function(*args, **kwargs)
                except SETTINGS["kinds"] as error:
                    if attempt == SETTINGS["retries"]:
                        log.error("giving up: %r", error)
                        raise
                    log.warning("attempt %d failed: %r", attempt + 1, error)
                    time.sleep(SETTINGS["delay"] * SETTINGS["factor"] ** attempt)

        return call

    return decorate
