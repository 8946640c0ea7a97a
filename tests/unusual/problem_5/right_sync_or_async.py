import asyncio, inspect, logging
from functools import wraps

log = logging.getLogger(__name__)


def retry_with_backoff(
    max_retries: int = 3,
    initial_delay: float = 1.0,
    backoff_factor: float = 2.0,
    retryable_exceptions: tuple[type[Exception], ...] = (ValueError, ConnectionError),
):
    def deco(fn):
        async def attempt_all(a, k):
            for n in range(1, max_retries + 2):
                try:
                    r = fn(*a, **k)
                    return await r if inspect.isawaitable(r) else r
                except retryable_exceptions as e:
                    if n > max_retries:
                        log.critical("all %d attempts failed", n, exc_info=e)
                        raise
                    log.warning("[%d/%d] %s", n, max_retries + 1, e)
                    await asyncio.sleep(initial_delay * backoff_factor ** (n - 1))

        if inspect.iscoroutinefunction(fn):

            @wraps(fn)
            async def wrapper(*a, **k):
                return await attempt_all(a, k)
        else:

            @wraps(fn)
            def wrapper(*a, **k):
                return asyncio.run(attempt_all(a, k))

        return wrapper

    return deco
