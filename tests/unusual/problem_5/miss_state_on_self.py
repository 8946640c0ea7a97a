import functools
import logging
import time


class retry_with_backoff:
    def __init__(self, max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                 retryable_exceptions=(ValueError, ConnectionError)):
        self.max_retries, self.initial_delay = max_retries, initial_delay
        self.backoff_factor, self.listed = backoff_factor, tuple(retryable_exceptions)

    def __call__(self, function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            self.attempt = 0
            while True:
                try:
                    return function(*args, **kwargs)
                except self.listed as error:
                    self.attempt += 1
                    logging.warning("attempt %d: %r", self.attempt, error)
                    if self.attempt > self.max_retries:
                        raise
                    time.sleep(self.initial_delay * self.backoff_factor ** (self.attempt - 1))
        return call
