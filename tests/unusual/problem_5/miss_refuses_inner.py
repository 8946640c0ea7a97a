import functools, logging, threading, time

def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    state = {"attempt": 0}          # shared by all calls
    busy = threading.Lock()
    owner = []

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            if owner == [threading.get_ident()]:
                raise RuntimeError("one call at a time")
            with busy:
                owner[:] = [threading.get_ident()]
                try:
                    state["attempt"] = 0
                    while True:
                        try:
                            return function(*args, **kwargs)
                        except retryable_exceptions as error:
                            attempt = state["attempt"]
                            logging.warning("attempt %d: %r", attempt + 1, error)
                            if attempt == max_retries:
                                logging.error("gave up after %d: %r", attempt + 1, error)
                                raise
                            time.sleep(initial_delay * backoff_factor ** attempt)
                            state["attempt"] += 1
                finally:
                    owner.clear()
        return wrapper
    return decorate
