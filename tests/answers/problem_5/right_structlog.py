import functools
import time

import structlog

log = structlog.get_logger()


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            delay = initial_delay
            for attempt in range(1, max_retries + 2):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    bound = log.bind(function=function.__name__, attempt=attempt, error=repr(error))
                    if attempt > max_retries:
                        bound.error("gave_up")
                        raise
                    bound.warning("retrying", delay=delay)
                    time.sleep(delay)
                    delay *= backoff_factor

        return call

    return decorate
