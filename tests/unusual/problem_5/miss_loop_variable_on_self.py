import functools
import logging
import time


class Retry:
    def __init__(self, function, retries, delay, factor, listed):
        functools.update_wrapper(self, function)
        self.function, self.retries = function, retries
        self.delay, self.factor, self.listed = delay, factor, listed

    def __call__(self, *args, **kwargs):
        for self.number in range(self.retries + 1):
            try:
                return self.function(*args, **kwargs)
            except self.listed as error:
                logging.warning("attempt %d: %r", self.number + 1, error)
                if self.number == self.retries:
                    raise
                time.sleep(self.delay * self.factor**self.number)


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    return lambda function: Retry(
        function, max_retries, initial_delay, backoff_factor, tuple(retryable_exceptions))
