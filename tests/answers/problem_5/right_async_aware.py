import asyncio
import functools
import inspect
import logging
import time

log = logging.getLogger("retry")


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def after(error, attempt):
        if attempt == max_retries:
            log.error("attempt %d failed finally: %r", attempt + 1, error)
            return None
        log.warning("attempt %d failed: %r", attempt + 1, error)
        return initial_delay * backoff_factor**attempt

    def decorate(function):
        if inspect.iscoroutinefunction(function):
            @functools.wraps(function)
            async def asynchronous(*args, **kwargs):
                for attempt in range(max_retries + 1):
                    try:
                        return await function(*args, **kwargs)
                    except retryable_exceptions as error:
                        wait = after(error, attempt)
                        if wait is None:
                            raise
                        await asyncio.sleep(wait)

            return asynchronous

        @functools.wraps(function)
        def synchronous(*args, **kwargs):
            for attempt in range(max_retries + 1):
                try:
                    return function(*args, **kwargs)
                except retryable_exceptions as error:
                    wait = after(error, attempt)
                    if wait is None:
                        raise
                    time.sleep(wait)

        return synchronous

    return decorate
