import functools
import logging
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in range(1, max_retries + 2):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    error.add_note(f"attempt {attempt} of {max_retries + 1}")
                    logging.warning("a try has failed", exc_info=True)
                    if attempt > max_retries:
                        logging.error("no more tries")
                        raise
                    time.sleep(initial_delay * backoff_factor ** (attempt - 1))

        return call

    return decorate
