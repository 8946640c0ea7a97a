import functools
import logging
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Policy:
    retries: int
    delay: float
    factor: float
    listed: tuple

    def wait(self, retry):
        return self.delay * self.factor**retry


class Caller:
    def __init__(self, policy, function):
        self.policy, self.function = policy, function

    def run(self, args, kwargs):
        failures = 0
        while True:
            try:
                return self.function(*args, **kwargs)
            except self.policy.listed as error:
                failures += 1
                final = failures > self.policy.retries
                level = logging.ERROR if final else logging.WARNING
                logging.log(level, "attempt=%d error=%s(%s) final=%s", failures, type(error).__name__, error, final)
                if final:
                    raise
                time.sleep(self.policy.wait(failures - 1))


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    policy = Policy(max_retries, initial_delay, backoff_factor, tuple(retryable_exceptions))

    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            return Caller(policy, function).run(args, kwargs)

        return call

    return decorate
