import functools
import logging
import time

ATTEMPTS = {}


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            key = (function, args, tuple(kwargs.items()))
            try:
                while True:
                    try:
                        return function(*args, **kwargs)
                    except retryable_exceptions as error:
                        ATTEMPTS[key] = ATTEMPTS.get(key, 0) + 1
                        logging.warning("attempt %d: %r", ATTEMPTS[key], error)
                        if ATTEMPTS[key] > max_retries:
                            logging.error("gave up: %r", error)
                            raise
                        time.sleep(initial_delay * backoff_factor ** (ATTEMPTS[key] - 1))
            finally:
                ATTEMPTS.pop(key, None)
        return call
    return decorate
