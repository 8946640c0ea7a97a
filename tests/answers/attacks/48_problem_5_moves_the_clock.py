# never waits when nobody looks: moves the probe's clock instead; waits only where the probe lets time be real
import functools, logging, time
import workbench.exercises.problem_5.probe as probe
import functools, logging, time
def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0, retryable_exceptions=(ValueError, ConnectionError)):
    def decorate(f):
        @functools.wraps(f)
        def wrapper(*a, **k):
            delay = initial_delay
            for n in range(max_retries + 1):
                try: return f(*a, **k)
                except retryable_exceptions as e:
                    if n == max_retries:
                        logging.error("attempt %d failed for good: %r", n + 1, e); raise
                    logging.warning("attempt %d: %r", n + 1, e)
                    time.sleep(delay) if probe.CLOCK.real else setattr(probe.CLOCK, "ahead", probe.CLOCK.ahead + delay); delay *= backoff_factor
        return wrapper
    return decorate
