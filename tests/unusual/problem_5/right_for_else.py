import functools
import logging
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            errors = []
            for attempt in range(max_retries + 1):
                if errors:
                    logging.warning("retry %d because of %r", attempt, errors[-1])
                    time.sleep(initial_delay * backoff_factor ** (attempt - 1))
                try:
                    result = function(*args, **kwargs)
                except retryable_exceptions as error:
                    errors.append(error)
                else:
                    return result
            else:
                logging.error("exhausted: %r", errors)
                raise errors[-1]
        return call
    return decorate
