import functools
import logging
import threading
import time

log = logging.getLogger("with a heartbeat")
beats = [0]


def beat():
    while True:
        time.sleep(0.5)
        beats[0] += 1


threading.Thread(target=beat, daemon=True).start()


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for attempt in range(max_retries + 1):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    log.warning("attempt %d failed: %r (beat %d)", attempt + 1, error, 0)
                    if attempt == max_retries:
                        log.error("giving up after attempt %d: %r", attempt + 1, error)
                        raise
                    time.sleep(initial_delay * backoff_factor**attempt)

        return wrapper

    return decorate
