import functools
import logging
import time

log = logging.getLogger("c")


class retry_with_backoff:
    def __init__(
        self,
        max_retries=3,
        initial_delay=1.0,
        backoff_factor=2.0,
        retryable_exceptions=(ValueError, ConnectionError),
    ):
        self.max_retries, self.d, self.f, self.e = (
            max_retries,
            initial_delay,
            backoff_factor,
            retryable_exceptions,
        )

    def __call__(self, function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for n in range(self.max_retries + 1):
                try:
                    return function(self, *args, **kwargs)
                except self.e as error:
                    if n == self.max_retries:
                        log.error("gave up: %s", error)
                        raise
                    log.warning("attempt %d: %s", n + 1, error)
                    time.sleep(self.d * self.f**n)

        return wrapper
