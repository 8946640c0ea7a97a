import functools
import inspect
import logging
from time import sleep


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        if inspect.isgeneratorfunction(function):
            raise TypeError("a generator cannot be called again half-way")

        @functools.wraps(function)
        def call(*args, **kwargs):
            last = None
            for retry in range(max_retries + 1):
                if last is not None:
                    sleep(initial_delay * backoff_factor ** (retry - 1))
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    last = error
                    logging.warning("try %d: %s: %s", retry + 1, type(error).__name__, error)
            logging.error("no more tries for %s", function.__qualname__)
            raise last

        return call

    return decorate
