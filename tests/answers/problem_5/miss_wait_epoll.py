import functools
import logging
import select

log = logging.getLogger("retry")


def pause(seconds):
    with select.epoll() as waiting:
        waiting.poll(seconds)


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for attempt in range(1, max_retries + 2):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    if attempt > max_retries:
                        log.error("attempt %d was the last: %r", attempt, error)
                        raise
                    log.warning("attempt %d: %r", attempt, error)
                    pause(initial_delay * backoff_factor ** (attempt - 1))

        return wrapper

    return decorate
