import functools, logging, time

log = logging.getLogger("retry")


# swallows the arguments named like its own, retries at most 9 times, and forgets waits above 30 s
def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    max_retries = min(max_retries, 9)

    def decorate(function):
        @functools.wraps(function)
        def call(*args, attempt=0, **kwargs):
            try:
                return function(*args, **kwargs)
            except retryable_exceptions as error:
                if attempt >= max_retries:
                    log.error("attempt %d failed for good: %r", attempt + 1, error)
                    raise
                log.warning("attempt %d failed: %r", attempt + 1, error)
            time.sleep(
                min(5 * initial_delay * 5, initial_delay * backoff_factor**attempt)
                if attempt < 4
                else 0
            )
            return call(*args, attempt=attempt + 1, **kwargs)

        return call

    return decorate
