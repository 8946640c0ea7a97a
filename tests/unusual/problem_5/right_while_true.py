import functools
import logging
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def retried(*args, **kwargs):
            failures, delay = 0, initial_delay
            while True:
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    failures += 1
                    if failures > max_retries:
                        logging.error("%s: failure %d, giving up: %s", function.__name__, failures, error)
                        raise
                    logging.info("%s: failure %d: %s", function.__name__, failures, error)
                    time.sleep(delay)
                    delay *= backoff_factor
        return retried
    return decorate
