import functools
import logging
import queue
import threading
import time

log = logging.getLogger("metrics")
numbers = queue.Queue()


def flush():
    while True:
        try:
            numbers.get(timeout=2.0)
        except queue.Empty:
            continue


threading.Thread(target=flush, daemon=True).start()


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            delay = initial_delay
            for attempt in range(1, max_retries + 2):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    numbers.put(attempt)
                    if attempt > max_retries:
                        log.error("attempt %d failed for good: %s", attempt, error)
                        raise
                    log.warning("attempt %d failed: %s", attempt, error)
                    time.sleep(delay)
                    delay *= backoff_factor

        return wrapper

    return decorate
