import functools
import logging
import time


class WithAttempt(logging.LoggerAdapter):
    def process(self, msg, kwargs):
        return f"[attempt {self.extra['attempt']}] {msg}", kwargs


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        log = logging.getLogger(function.__name__)

        @functools.wraps(function)
        def call(*args, **kwargs):
            delay, attempt = initial_delay, 1
            while True:
                adapter = WithAttempt(log, {"attempt": attempt})
                try:
                    result = function(*args, **kwargs)
                except retryable_exceptions as error:
                    if attempt == max_retries + 1:
                        adapter.error("giving up", exc_info=error)
                        raise
                    adapter.warning("failed", exc_info=error)
                else:
                    adapter.debug("succeeded")
                    return result
                time.sleep(delay)
                delay, attempt = delay * backoff_factor, attempt + 1

        return call

    return decorate
