import functools
import logging
import time

def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            last = None
            for i in range(max_retries + 1):
                if i:
                    wait = initial_delay * pow(backoff_factor, i - 1)
                    logging.warning("Retry #%d after %s: waiting %.3f seconds", i, repr(last), wait)
                    time.sleep(wait)
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    last = error
            logging.error("All %d attempts failed: %s", max_retries + 1, last)
            raise last

        return wrapper

    return decorate
