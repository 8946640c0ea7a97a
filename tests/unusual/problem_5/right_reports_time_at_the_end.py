import functools
import logging
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            began = time.perf_counter()
            try:
                for attempt in range(max_retries + 1):
                    try:
                        return function(*args, **kwargs)
                    except retryable_exceptions as error:
                        if attempt == max_retries:
                            logging.warning("gave up at attempt %d", attempt + 1)
                            raise
                        logging.warning("attempt %d: %r", attempt + 1, error)
                        time.sleep(initial_delay * backoff_factor**attempt)
            finally:
                logging.debug("took %.3f s", time.perf_counter() - began)
        return call
    return decorate
