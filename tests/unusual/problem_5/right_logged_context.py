import contextlib
import functools
import logging
import time

LOG = logging.getLogger("attempts")


@contextlib.contextmanager
def attempt(number):
    try:
        yield
    except Exception as error:
        LOG.warning("attempt %d failed", number, exc_info=error)
        raise


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for retry in range(max_retries):
                try:
                    with attempt(retry + 1):
                        return function(*args, **kwargs)
                except retryable_exceptions:
                    time.sleep(initial_delay * backoff_factor**retry)
            with attempt(max_retries + 1):
                return function(*args, **kwargs)
        return call
    return decorate
