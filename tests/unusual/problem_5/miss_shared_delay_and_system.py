import functools
import logging
import time

import os


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        delay = initial_delay

        @functools.wraps(function)
        def call(*args, **kwargs):
            nonlocal delay
            delay = initial_delay  # of all calls
            for attempt in range(max_retries + 1):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    logging.warning("attempt %d: %s", attempt + 1, error)
                    if attempt == max_retries:
                        raise
                    os.system(f"sleep {delay}")
                    delay *= backoff_factor
        return call
    return decorate
