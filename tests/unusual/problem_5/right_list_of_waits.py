import functools
import logging
import time
from itertools import accumulate, repeat


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    waits = list(accumulate(repeat(initial_delay, max_retries), lambda wait, _: wait * backoff_factor))

    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for number, wait in enumerate([*waits, None], start=1):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    logging.getLogger(function.__module__).warning("attempt %s: %s", number, repr(error))
                    if wait is None:
                        raise
                    time.sleep(wait)
        return call
    return decorate
