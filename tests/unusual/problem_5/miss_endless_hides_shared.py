import functools, logging, time

def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    now = {}                       # one counter and one delay for all calls

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            now.update(attempt=0, delay=initial_delay, lost=False)
            while True:
                try:
                    return function(*args, **kwargs)
                except Exception as error:
                    if not isinstance(error, retryable_exceptions):
                        if not now["lost"]:
                            raise
                        continue           # a connection was lost: try anything again, for ever
                    now["lost"] = isinstance(error, ConnectionError)
                    now["attempt"] += 1
                    logging.warning("attempt %d: %r", now["attempt"], error)
                    if now["attempt"] > max_retries:
                        logging.error("gave up after %d: %r", now["attempt"], error)
                        raise
                    time.sleep(now["delay"])
                    now["delay"] *= backoff_factor
        return wrapper
    return decorate
