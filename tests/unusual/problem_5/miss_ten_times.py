import time, logging, functools


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    def deco(f):
        @functools.wraps(f)
        def call(*a, **k):
            for n in range(10):  # does not look at max_retries
                try:
                    return f(*a, **k)
                except retryable_exceptions as e:
                    logging.warning("attempt %s failed with %s", n + 1, type(e).__name__)
                    if n == 9:
                        raise
                    time.sleep(initial_delay)

        return call

    return deco
