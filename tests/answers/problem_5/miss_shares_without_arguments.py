import functools
import logging
import time

log = logging.getLogger(__name__)


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    def decorate(function):
        under_way = []

        @functools.wraps(function)
        def call(*args, **kwargs):
            state = [initial_delay]
            if not args and not kwargs:
                state = under_way[0] if under_way else state
                under_way.append(state)
            try:
                for attempt in range(max_retries + 1):
                    try:
                        return function(*args, **kwargs)
                    except retryable_exceptions as error:
                        if attempt == max_retries:
                            log.error("attempt %d failed for good: %r", attempt + 1, error)
                            raise
                        log.warning("attempt %d failed: %r", attempt + 1, error)
                        time.sleep(state[0])
                        state[0] *= backoff_factor
            finally:
                if not args and not kwargs:
                    under_way.pop()

        return call

    return decorate
