import asyncio
import functools
import inspect
import logging
import time

log = logging.getLogger("backoff")


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def failed(attempt, error):
        last = attempt > max_retries
        log.log(40 if last else 30, "attempt %d: %r%s", attempt, error, "; that was it" if last else "")
        return None if last else initial_delay * backoff_factor ** (attempt - 1)

    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in range(1, max_retries + 2):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    wait = failed(attempt, error)
                    if wait is None:
                        raise
                    time.sleep(wait)

        @functools.wraps(function)
        async def call_async(*args, **kwargs):
            for attempt in range(1, max_retries + 2):
                try:
                    return await function(*args, **kwargs)
                except retryable_exceptions as error:
                    wait = failed(attempt, error)
                    if wait is None:
                        raise
                    await asyncio.sleep(wait)

        return call_async if inspect.iscoroutinefunction(function) else call

    return decorate
