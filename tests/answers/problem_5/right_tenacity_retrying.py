import functools
import logging

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

logger = logging.getLogger("retry")


def noted(state):
    logger.warning("attempt %d: %r", state.attempt_number, state.outcome.exception())


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            retrying = Retrying(
                stop=stop_after_attempt(max_retries + 1),
                wait=wait_exponential(multiplier=initial_delay, exp_base=backoff_factor),
                retry=retry_if_exception_type(retryable_exceptions),
                after=noted,
                reraise=True,
            )
            return retrying(function, *args, **kwargs)

        return wrapper

    return decorate
