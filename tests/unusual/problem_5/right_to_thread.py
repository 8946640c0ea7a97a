import asyncio, functools, logging


def retry_with_backoff(
    max_retries=3,
    initial_delay=1.0,
    backoff_factor=2.0,
    retryable_exceptions=(ValueError, ConnectionError),
):
    def deco(fn):
        @functools.wraps(fn)
        def inner(*a, **k):
            async def run():
                for n in range(max_retries + 1):
                    try:
                        return await asyncio.to_thread(fn, *a, **k)
                    except retryable_exceptions as exc:
                        if n == max_retries:
                            logging.error("giving up: %s", exc)
                            raise
                        logging.warning("attempt %d: %s", n + 1, exc)
                        await asyncio.sleep(initial_delay * backoff_factor**n)

            return asyncio.run(run())

        return inner

    return deco
