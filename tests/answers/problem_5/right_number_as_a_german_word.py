import logging
import time
from functools import wraps

logger = logging.getLogger(__name__)
WORDS = "eins zwei drei vier f\u00fcnf sechs sieben acht neun zehn elf".split()
def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            delay = initial_delay
            for attempt in range(1, max_retries + 2):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    if attempt > max_retries:
                        logger.warning("%s: keine Versuche mehr \u00fcbrig", function.__name__)
                        raise
                    logger.warning("Versuch %s: %r", WORDS[attempt - 1], error)
                    time.sleep(delay)
                    delay *= backoff_factor
        return wrapper
    return decorate
