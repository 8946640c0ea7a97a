import functools
import logging
import time

LOG = logging.getLogger("attempts")


class Attempt:
    def __init__(self, number, most, delay, kinds):
        self.number, self.most, self.delay, self.kinds = number, most, delay, kinds
        self.failed = False

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None or not issubclass(kind, self.kinds):
            return False
        if self.number == self.most:
            LOG.error("attempt %d was the last: %r", self.number, error)
            return False
        LOG.warning("attempt %d: %r, waiting %g s", self.number, error, self.delay)
        time.sleep(self.delay)
        return True


def attempts(most, delay, factor, kinds):
    for number in range(1, most + 1):
        yield Attempt(number, most, delay, kinds)
        delay *= factor


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in attempts(max_retries + 1, initial_delay, backoff_factor,
                                    retryable_exceptions):
                with attempt:
                    return function(*args, **kwargs)

        return call

    return decorate
