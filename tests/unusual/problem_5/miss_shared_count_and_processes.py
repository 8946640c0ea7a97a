import functools, logging, time

log = logging.getLogger("retry")

import subprocess


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    def decorate(function):
        attempt = 0

        @functools.wraps(function)
        def call(*args, **kwargs):
            nonlocal attempt
            attempt = 0  # one counter for all calls of the function
            while True:
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    attempt += 1
                    if attempt > max_retries:
                        log.error("attempt %d failed for good: %r", attempt, error)
                        raise
                    log.warning("attempt %d failed: %r", attempt, error)
                    subprocess.run(["sleep", str(initial_delay * backoff_factor ** (attempt - 1))])

        return call

    return decorate
