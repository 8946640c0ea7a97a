import functools
import logging
import time


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def once(function, args, kwargs):
        try:
            return "ok", function(*args, **kwargs)
        except retryable_exceptions as error:
            return "error", error

    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            number = 1
            while True:
                match once(function, args, kwargs):
                    case "ok", value:
                        return value
                    case "error", error if number > max_retries:
                        logging.error("giving up after attempt %d: %r", number, error)
                        raise error
                    case "error", error:
                        logging.warning("attempt %d: %r", number, error)
                        time.sleep(initial_delay * backoff_factor ** (number - 1))
                        number += 1

        return call

    return decorate
