import logging, time, functools

def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(f):
        @functools.wraps(f)
        def start(*a, **k):
            def go(number, delay):
                try:
                    return f(*a, **k)
                except retryable_exceptions as e:
                    if number == max_retries:
                        logging.exception("attempt %d was the last", number + 1)
                        raise
                    logging.warning("attempt %d", number + 1, exc_info=True)
                time.sleep(delay)
                return go(number + 1, delay * backoff_factor)
            return go(0, initial_delay)
        return start
    return decorate
