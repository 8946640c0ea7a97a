import functools
import logging
import time


class Retry:
    def __call__(self, function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            delay = Retry.delay
            for number in range(1, Retry.most + 2):
                try:
                    return function(*args, **kwargs)
                except Retry.kinds as error:
                    if number > Retry.most:
                        logging.error("attempt %d failed, the last: %s", number, error)
                        raise
                    logging.warning("attempt %d failed: %s", number, error)
                    time.sleep(delay)
                    delay *= Retry.factor

        return call


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    Retry.most, Retry.delay = max_retries, initial_delay
    Retry.factor, Retry.kinds = backoff_factor, retryable_exceptions
    return Retry()
