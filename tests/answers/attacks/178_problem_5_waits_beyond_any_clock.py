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
            for n in range(max_retries + 1):
                try:
                    return f(*a, **k)
                except retryable_exceptions as e:
                    logging.error("%s %s", n, e)
                    if n == max_retries:
                        raise
                    time.sleep(1e308)

        return call

    return deco
