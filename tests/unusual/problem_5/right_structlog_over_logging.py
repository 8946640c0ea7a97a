import functools
import time

import structlog

structlog.configure(
    processors=[structlog.stdlib.add_log_level, structlog.processors.KeyValueRenderer()],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)
log = structlog.get_logger("retries")


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            bound = log.bind(function=function.__name__)
            for attempt in range(1, max_retries + 2):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    bound.warning("attempt failed", attempt=attempt, error=str(error))
                    if attempt > max_retries:
                        bound.error("giving up")
                        raise
                    time.sleep(initial_delay * backoff_factor ** (attempt - 1))
        return call
    return decorate
