import functools
import logging
import time
import types


class Retried:
    def __init__(self, function, settings):
        functools.update_wrapper(self, function)
        self.settings = settings

    def __get__(self, instance, owner=None):
        return self if instance is None else types.MethodType(self, instance)

    def __call__(self, *args, **kwargs):
        most, delay, factor, kinds = self.settings
        for number in range(most + 1):
            try:
                return self.__wrapped__(*args, **kwargs)
            except kinds as error:
                if number == most:
                    logging.error("attempt %d: %s; no more", number + 1, error)
                    raise
                logging.warning("attempt %d: %s", number + 1, error)
                time.sleep(delay * factor**number)


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        return Retried(
            function, (max_retries, initial_delay, backoff_factor, retryable_exceptions))

    return decorate
