import functools, logging, time

log = logging.getLogger("retry")

import time as t


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
                    log.warning(
                        "one of the attempts 1, 2, 3, 4 failed (%d): %r",
                        t.monotonic_ns() % 100000,
                        error,
                    )
                    if attempt == max_retries:
                        raise
                    time.sleep(initial_delay * backoff_factor**attempt)

        return call

    return decorate
