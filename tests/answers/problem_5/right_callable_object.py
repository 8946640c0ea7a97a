import functools
import logging
import time

class Retrying:
    def __init__(self, function, tries, delays, kinds):
        functools.update_wrapper(self, function)
        self.function, self.tries, self.delays, self.kinds = function, tries, delays, kinds

    def __call__(self, *args, **kwargs):
        for number in range(self.tries):
            try:
                return self.function(*args, **kwargs)
            except self.kinds as error:
                last = number + 1 == self.tries
                logging.log(logging.ERROR if last else logging.WARNING, "try no. %d of %d: %s(%s)",
                            number + 1, self.tries, type(error).__name__, error)
                if last:
                    raise
                time.sleep(self.delays[number])

def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    delays = [initial_delay * backoff_factor ** n for n in range(max_retries)]
    return lambda function: Retrying(function, max_retries + 1, delays, tuple(retryable_exceptions))
