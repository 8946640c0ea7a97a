import logging

import tenacity

LOG = logging.getLogger("retry")


def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    def say(state):
        LOG.warning("attempt %d failed: %r", state.attempt_number, state.outcome.exception())

    return tenacity.retry(
        reraise=True,
        stop=tenacity.stop_after_attempt(max_retries + 1),
        wait=lambda state: initial_delay * backoff_factor ** (state.attempt_number - 1),
        retry=tenacity.retry_if_exception_type(tuple(retryable_exceptions)),
        after=say,
    )
