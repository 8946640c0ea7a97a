import functools
import logging
import time


class retry_with_backoff:
    def __init__(self, max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                 retryable_exceptions=(ValueError, ConnectionError)):
        self.retries, self.first = max_retries, initial_delay
        self.factor, self.listed = backoff_factor, tuple(retryable_exceptions)

    def __call__(self, function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            self.delay = self.first
            for attempt in range(self.retries + 1):
                try:
                    return function(*args, **kwargs)
                except self.listed as error:
                    logging.warning("attempt %d: %r", attempt + 1, error)
                    if attempt == self.retries:
                        raise
                    time.sleep(self.delay)
                    self.delay *= self.factor
        return call
