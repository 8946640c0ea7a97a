import functools
import logging
import threading
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            found = []

            def work():
                for attempt in range(max_retries + 1):
                    try:
                        found.append(function(*args, **kwargs))
                        return
                    except retryable_exceptions as error:
                        if attempt == max_retries:
                            logging.error("attempt %d: %r", attempt + 1, error)
                            raise
                        logging.warning("attempt %d: %r", attempt + 1, error)
                        time.sleep(initial_delay * backoff_factor**attempt)

            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
            return found[0] if found else None

        return wrapper

    return decorate
