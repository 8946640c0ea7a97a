import contextvars
import functools
import logging
import time

current = contextvars.ContextVar("attempt", default=0)


class Numbered(logging.Filter):
    def filter(self, record):
        record.attempt = current.get()
        return True


log = logging.getLogger("retry")
handler = logging.StreamHandler()
handler.addFilter(Numbered())
handler.setFormatter(logging.Formatter("attempt %(attempt)d: %(message)s"))
log.addHandler(handler)
log.propagate = False


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for number in range(max_retries + 1):
                token = current.set(number + 1)
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    if number == max_retries:
                        log.error("%r, giving up", error)
                        raise
                    log.warning("%r", error)
                    time.sleep(initial_delay * backoff_factor**number)
                finally:
                    current.reset(token)

        return call

    return decorate
