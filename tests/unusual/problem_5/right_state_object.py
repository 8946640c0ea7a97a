import functools
import logging
import time
from dataclasses import dataclass


@dataclass
class State:
    wait: float
    left: int
    attempt: int = 1

    def next(self, factor):
        return State(self.wait * factor, self.left - 1, self.attempt + 1)


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(function):
        def call(*args, **kwargs):
            state = State(initial_delay, max_retries)
            while True:
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    if not state.left:
                        logging.error("%s failed: %s", function.__name__, error)
                        raise
                    logging.warning("%s, attempt %d: %s", function.__name__, state.attempt, error)
                    time.sleep(state.wait)
                    state = state.next(backoff_factor)
        return functools.update_wrapper(call, function)
    return decorate
