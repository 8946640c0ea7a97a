import functools
import logging
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            error = None
            for attempt in range(1, max_retries + 2):
                logging.warning("attempt %d of %d", attempt, max_retries + 1)
                try:
                    value = function(*args, **kwargs)
                except retryable_exceptions as failure:
                    logging.error("attempt %d: %r", attempt, failure)
                    if attempt > max_retries:
                        raise
                    time.sleep(initial_delay * backoff_factor ** (attempt - 1))
                else:
                    logging.warning("attempt %d worked", attempt)
                    return value

        return call

    return decorate
