import functools
import logging
import time


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*arguments, **named):
            for attempt in range(max_retries + 1):
                try:
                    return function(*arguments, **named)
                except retryable_exceptions as error:
                    logging.error("%r 0 1 2 3 4 5 6 7 8 9", error)
                    if attempt == max_retries:
                        raise
                    time.sleep(initial_delay * backoff_factor**attempt)

        return wrapper

    return decorate
