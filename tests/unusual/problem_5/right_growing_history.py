import functools
import logging
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            history = []
            while True:
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    history.append(f"{len(history) + 1}. {error!r}")
                    logging.warning("so far: %s", "; ".join(history))
                    if len(history) > max_retries:
                        raise
                    time.sleep(initial_delay * backoff_factor ** (len(history) - 1))
        return call
    return decorate
