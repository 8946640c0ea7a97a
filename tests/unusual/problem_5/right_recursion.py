import functools
import logging
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            def attempt(number, wait):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    logging.warning("attempt %d failed: %r", number, error)
                    if number > max_retries:
                        raise
                time.sleep(wait)
                return attempt(number + 1, wait * backoff_factor)

            return attempt(1, initial_delay)

        return call

    return decorate
