import functools
import logging
import time
import types

LOG = logging.getLogger(__name__)


class retry_with_backoff:
    def __init__(self, max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                 retryable_exceptions=(ValueError, ConnectionError)):
        self.waits = [initial_delay * backoff_factor**n for n in range(max_retries)]
        self.listed = tuple(retryable_exceptions)

    def __call__(self, function):
        return Retried(function, self.waits, self.listed)


class Retried:
    def __init__(self, function, waits, listed):
        functools.update_wrapper(self, function)
        self.function, self.waits, self.listed = function, waits, listed

    def __get__(self, instance, owner=None):
        return self if instance is None else types.MethodType(self, instance)

    def __call__(self, *args, **kwargs):
        for attempt, wait in enumerate(self.waits, 1):
            try:
                return self.function(*args, **kwargs)
            except self.listed as error:
                LOG.warning("attempt %d of %d: %r", attempt, len(self.waits) + 1, error)
                time.sleep(wait)
        try:
            return self.function(*args, **kwargs)
        except self.listed:
            LOG.exception("attempt %d was the last", len(self.waits) + 1)
            raise
