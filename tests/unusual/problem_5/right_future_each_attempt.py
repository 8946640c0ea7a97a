import functools, logging, concurrent.futures as cf, threading


def retry_with_backoff(
    max_retries: int = 3,
    initial_delay: float = 1.0,
    backoff_factor: float = 2.0,
    retryable_exceptions: tuple[type[Exception], ...] = (ValueError, ConnectionError),
):
    def deco(fn):
        @functools.wraps(fn)
        def inner(*a, **k):
            log = logging.getLogger(fn.__module__ + "." + fn.__qualname__)
            for n in range(max_retries + 1):
                with cf.ThreadPoolExecutor(1) as pool:
                    fut = pool.submit(fn, *a, **k)
                exc = fut.exception()
                if exc is None:
                    return fut.result()
                if not isinstance(exc, retryable_exceptions) or n == max_retries:
                    if isinstance(exc, retryable_exceptions):
                        log.error("giving up", exc_info=exc)
                    raise exc
                log.warning("%d. attempt: %s", n + 1, exc)
                t = threading.Timer(initial_delay * backoff_factor**n, lambda: None)
                t.start()
                t.join()

        return inner

    return deco
