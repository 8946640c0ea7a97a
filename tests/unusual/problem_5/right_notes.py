import functools
import logging
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            history = []
            for attempt in range(max_retries + 1):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    history.append(f"{attempt + 1}: {error!r}")
                    logging.warning("failed so far: %s", "; ".join(history))
                    if attempt == max_retries:
                        error.add_note("\n".join(history))
                        raise
                    time.sleep(initial_delay * backoff_factor**attempt)
        return call
    return decorate
