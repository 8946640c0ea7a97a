import functools
import logging
import threading
import time

log = logging.getLogger("still waiting")


def remind(stop, seconds):
    while not stop.wait(seconds):
        pass


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            stop = threading.Event()
            threading.Thread(target=remind, args=(stop, 0.3), daemon=True).start()
            try:
                for attempt in range(max_retries + 1):
                    try:
                        return function(*args, **kwargs)
                    except retryable_exceptions as error:
                        if attempt == max_retries:
                            log.error("attempt %d: %r; giving up", attempt + 1, error)
                            raise
                        log.warning("attempt %d: %r", attempt + 1, error)
                        time.sleep(initial_delay * backoff_factor**attempt)
            finally:
                stop.set()

        return wrapper

    return decorate
