import functools
import logging
import threading
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    state = threading.local()

    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            state.failures = 0
            while True:
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    state.failures += 1
                    logging.warning("failure %d: %s", state.failures, error)
                    if state.failures > max_retries:
                        raise
                    time.sleep(initial_delay * backoff_factor ** (state.failures - 1))
        return call
    return decorate
