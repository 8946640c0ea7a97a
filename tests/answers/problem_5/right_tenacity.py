import logging
import functools
import tenacity

log = logging.getLogger(__name__)

def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def before_sleep(state):
        log.warning("attempt %d: %r", state.attempt_number, state.outcome.exception())

    def decorate(function):
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(max_retries + 1),
            wait=tenacity.wait_exponential(multiplier=initial_delay, exp_base=backoff_factor, max=10**9),
            retry=tenacity.retry_if_exception_type(tuple(retryable_exceptions)),
            before_sleep=before_sleep, reraise=True)

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            try:
                return retrying.copy()(function, *args, **kwargs)
            except tuple(retryable_exceptions) as error:
                log.error("given up: %r", error)
                raise
        return wrapper
    return decorate
