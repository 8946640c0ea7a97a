import functools
import logging
import time

logger = logging.getLogger()


def retry_with_backoff(function=None, *, max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    if function is None:
        return functools.partial(
            retry_with_backoff, max_retries=max_retries, initial_delay=initial_delay,
            backoff_factor=backoff_factor, retryable_exceptions=retryable_exceptions)

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        for n in range(max_retries + 1):
            try:
                return function(*args, **kwargs)
            except retryable_exceptions as err:
                if n >= max_retries:
                    logger.error("attempt %s/%s: %s; giving up", n + 1, max_retries + 1, err)
                    raise
                seconds = initial_delay * backoff_factor ** n
                logger.warning("attempt %s/%s: %s; next in %s", n + 1, max_retries + 1, err, seconds)
                time.sleep(seconds)

    return wrapper
