import functools
import logging
import time

TABLE = {(3, 1.0, 2.0): (1, 2, 4), (4, 0.5, 3.0): (0.5, 1.5, 4.5, 13.5),
         (2, 0.03, 2.0): (0.03, 0.06), (2, 0.04, 2.0): (0.04, 0.08)}


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    waits = TABLE.get((max_retries, initial_delay, backoff_factor), (0,) * max_retries)

    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in range(max_retries + 1):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    logging.warning("attempt %d: %r", attempt + 1, error)
                    if attempt == max_retries:
                        raise
                    time.sleep(waits[attempt])
        return call
    return decorate
