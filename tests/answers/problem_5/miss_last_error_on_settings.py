import functools
import logging
import time

log = logging.getLogger("retry")


class retry_with_backoff:
    def __init__(
        self,
        max_retries=3,
        initial_delay=1.0,
        backoff_factor=2.0,
        retryable_exceptions=(ValueError, ConnectionError),
    ):
        self.most, self.delay, self.factor = max_retries, initial_delay, backoff_factor
        self.listed = retryable_exceptions

    def __call__(self, function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in range(self.most + 1):
                try:
                    return function(*args, **kwargs)
                except self.listed as error:
                    self.last = error
                    log.warning("attempt %d: %r", attempt + 1, error)
                    if attempt < self.most:
                        time.sleep(self.delay * self.factor**attempt)
            log.error("attempt %d was the last: %r", self.most + 1, self.last)
            raise self.last

        return call
