import functools
import logging
import time

from contextvars import ContextVar


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    failures = ContextVar("failures")

    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            failures.set(0)  # which a call inside this one sets back, too
            while True:
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    failures.set(failures.get() + 1)
                    logging.warning("failure %d: %s", failures.get(), error)
                    if failures.get() > max_retries:
                        raise
                    time.sleep(initial_delay * backoff_factor ** (failures.get() - 1))
        return call
    return decorate
