import functools
import logging
import time

class retry_with_backoff:
    def __init__(self, max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                 retryable_exceptions=(ValueError, ConnectionError)):
        self.max_retries, self.initial_delay = max_retries, initial_delay
        self.backoff_factor, self.retryable = backoff_factor, tuple(retryable_exceptions)
        self.log = logging.getLogger("retry")

    def __call__(self, function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            return self.run(function, args, kwargs)
        return call

    def run(self, function, args, kwargs):
        attempt = 0
        while True:
            attempt += 1
            try:
                return function(*args, **kwargs)
            except self.retryable as problem:
                self.log.warning("%s: attempt %s: %s", function.__name__, attempt, problem)
                if attempt > self.max_retries:
                    self.log.error("%s: no attempt left", function.__name__)
                    raise
            time.sleep(self.initial_delay * self.backoff_factor ** (attempt - 1))
