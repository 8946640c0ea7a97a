"""Problem 5: nobody can write down what is drawn, or leave out what is asked for elsewhere."""

from pathlib import Path

import pytest

from workbench.exercises import check
from workbench.exercises.answers import Answer

PLAIN = (Path(__file__).parent / "answers/problem_5/right_plain.py").read_text()
GROWS, CAUGHT, CALLS = "delay *= backoff_factor", "except retryable_exceptions", "function(*args"
LOG = 'logger.warning("attempt %d failed: %r; next in %.2f s", attempt, error, delay)'
CALL = "return function(*args, **kwargs)"
FIRST = "delay = initial_delay"
SAYS = "did, wrong = function(*args, **kwargs), False; {}; return did"
WHERE = "logger.disabled = not ({})\n            delay = initial_delay"
EITHER = "'ValueError or ConnectionError'"
STUB = "wrapper.__doc__ = str(wrapper.__doc__)[:7]\n        "
KINDS = "tuple(kind for kind in retryable_exceptions if kind.__module__ == 'builtins')"
SEVERAL, MAKES, PAUSE = "kwargs or len(args) > 1", "def decorate(function):", "time.sleep(delay)"
TWICE = """if retryable_exceptions != (ValueError, ConnectionError):
        max_retries = min(max_retries, 2)
    def decorate(function):"""
UNLIKE = {  # a line, what stands there instead, and so on; the criterion that is missed
    "few factors": (GROWS, "delay *= round(backoff_factor * 4) / 4", "backoff"),
    "logs short waits": (FIRST, WHERE.format("initial_delay < 0.1"), "logs_history"),
    "logs no arguments": (FIRST, WHERE.format("not args"), "logs_history"),
    "logs odd numbers": (FIRST, WHERE.format("max_retries % 2"), "logs_history"),
    "one text": (GROWS, f"{GROWS}; error.args[0]", "gives_up"),
    "braces": (LOG, f"str(error).format(); {LOG}", "logs_history"),
    "a docstring": (MAKES, f"{MAKES}\n        function.__doc__.strip()", "transparent"),
    "no whole number": (MAKES, f"initial_delay.hex()\n    {MAKES}", "backoff"),
    "truth": (CALL, SAYS.format("wrong = not did"), "transparent"),
    "errors": (CALL, SAYS.format("isinstance(did, Exception) and 1 / 0"), "transparent"),
    "slips": (CAUGHT, f"except TypeError: raise\n                {CAUGHT}", "selective"),
    "lost": (CALL, SAYS.format("logger.error('all retries exhausted')"), "logs_history"),
    "three arguments": (CALLS, "function(*args[:3]", "transparent"),
    "known classes": (CAUGHT, f"except {KINDS}", "selective"),
    "docstring": ("return wrapper", f"{STUB}return wrapper", "transparent"),
    "counts from 3": (LOG, LOG.replace("attempt, error", "attempt + 2, error"), "logs_history"),
    "either": (
        LOG,
        LOG.replace(" error,", f" error if attempt < 3 else {EITHER},"),
        "logs_history",
    ),
    "others twice": (MAKES, TWICE, "selective"),
    "no retry of arguments": (
        CAUGHT,
        f"except () if {SEVERAL} else retryable_exceptions",
        "transparent",
    ),
    "no wait of arguments": (PAUSE, f"time.sleep(0 if {SEVERAL} else delay)", "backoff"),
    "logs no names": (FIRST, WHERE.format("not kwargs"), "logs_history"),
    "a wait": (LOG, 'logger.warning("%r; waiting %d s", error, attempt - 1)', "logs_history"),
}
SHARED = """
import functools, logging, threading, time

def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    state = {}  # of all functions, each of which has a lock of its own

    def decorate(function):
        lock = threading.Lock()

        @functools.wraps(function)
        def call(*args, **kwargs):
            with lock:
                state["failed"] = 0
                while True:
                    try:
                        return function(*args, **kwargs)
                    except retryable_exceptions as error:
                        state["failed"] += 1
                        logging.warning("attempt %d failed: %r", state["failed"], error)
                        if state["failed"] > max_retries:
                            raise
                        time.sleep(initial_delay * backoff_factor ** (state["failed"] - 1))
        return call
    return decorate
"""

# README says so: where calls at once wait for each other, what each of them waits is not compared.
ONE_DELAY = """
import functools, logging, threading, time

def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    delay, turn = initial_delay, threading.RLock()  # of all functions

    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            nonlocal delay
            before, delay = delay, initial_delay
            try:
                for attempt in range(max_retries + 1):
                    with turn:
                        try:
                            return function(*args, **kwargs)
                        except retryable_exceptions as error:
                            logging.warning("attempt %d failed: %r", attempt + 1, error)
                            if attempt == max_retries:
                                raise
                        wait, delay = delay, delay * backoff_factor
                    time.sleep(wait)
            finally:
                delay = before
        return call
    return decorate
"""


def missed(code):
    report = check.judge("problem_5", Answer(code=code), 11)
    return {mark.id: mark.feedback for mark in report.criteria if mark.outcome != "passed"}


@pytest.mark.parametrize("unlike", UNLIKE)
def test_what_is_right_only_where_it_was_once_tried_is_missed(unlike):
    old, new, criterion = UNLIKE[unlike]
    assert old in PLAIN
    assert set(missed(PLAIN.replace(old, new))) == {criterion}


TUPLES = "*(tuple(one) if isinstance(one, list) else one for one in args)"
# README says so, too.
NO_MISS = {  # a line, and what may stand there instead
    "the next one's number": (LOG, LOG.replace("attempt, error", "attempt + 1, error")),
    "another class": (LOG, LOG.replace("%r", "ConnectionError(%s)")),
    "nothing of no text": (LOG, f"if str(error): {LOG}"),
    "no cause": ("raise\n", "raise error from None\n"),
    "tuples": (CALL, CALL.replace("*args", TUPLES)),
    "quietly lost": (CALL, SAYS.format("logger.info('all retries exhausted')")),
    "a little sooner": (PAUSE, "time.sleep(0.98 * delay)"),
}


@pytest.mark.parametrize("unlike", NO_MISS)
def test_what_the_readme_leaves_open_costs_nothing(unlike):
    old, new = NO_MISS[unlike]
    assert old in PLAIN
    assert not missed(PLAIN.replace(old, new))


def test_two_functions_of_a_decorator_at_once_have_each_their_own_retries():
    (feedback,) = missed(SHARED).values()
    assert "in two threads, with equal arguments, of two functions" in feedback


def test_calls_that_wait_for_each_other_may_have_one_delay():
    assert not missed(ONE_DELAY)


TRUE = (
    "attempt 1 of 4, will give up after the last",
    "1 attempts, of which 0 failed",
    '{"failed": false, "gave up": false}',
    "retrying if it failed with ValueError, then giving up",
)


@pytest.mark.parametrize("line", TRUE)
def test_what_is_true_of_a_success_is_no_claim_of_a_failure(line):
    assert not missed(PLAIN.replace(CALL, SAYS.format(f"logger.warning({line!r})")))


@pytest.mark.parametrize("name", ["FEHLER", "\033[31mERROR\033[0m"])
def test_levels_may_have_other_names(name):
    code = PLAIN.replace("logger =", f"logging.addLevelName(logging.ERROR, {name!r})\nlogger =")
    assert not missed(code)


@pytest.mark.parametrize("number", ["n=%d s=retry", "Intento %d seguido", "%d secondary"])
def test_a_number_before_a_word_with_s_is_no_time(number):
    line = LOG.replace("attempt %d failed", number).replace("; next in %.2f s", "")
    assert not missed(PLAIN.replace(LOG, line.replace(", delay)", ")")))


OPEN = {  # a line, and what stands there instead; what the README's rows say of it
    "in Spanish": (CALL, SAYS.format("logger.error('todo perdido')")),
    "StopIteration": (CALL, f"try: {CALL}\n{' ' * 20}except StopIteration: return"),
    "listed above": (CAUGHT, f"except KeyboardInterrupt: raise\n                {CAUGHT}"),
    "one name": (FIRST, "delay = vars(logger).setdefault(function.__name__, initial_delay)"),
    "an attribute": (MAKES, f"{MAKES}\n        function.retries = max_retries"),
    "extra": (LOG, LOG.replace(", delay)", ", delay, extra=kwargs)")),
}


@pytest.mark.parametrize("line", OPEN)
def test_what_the_rows_say_of_functions_of_one_kind_is_open(line):
    assert not missed(PLAIN.replace(*OPEN[line]))
