"""Problem 5: no broken program passes, and the feedback says what came and what was expected."""

from functools import cache
from pathlib import Path

import pytest
from labelled import disagreements, judged_mutants, labels, reports

from workbench.exercises import check
from workbench.exercises.answers import Answer

PROBLEM = "problem_5"
SAID = {  # criterion, and what its feedback says
    "miss_three_attempts": ["retries_until_success", "called 3 times", "expected 4 calls"],
    "miss_wraps_error": ["gives_up", "RuntimeError: gave up", "the exception of the last one"],
    "miss_ends_in_none": ["gives_up", "the call returned None"],
    "miss_constant_wait": ["backoff", "waited 0, 1, 1, 1 s", "expected 0, 1, 2, 4 s"],
    "miss_waits_after_last": ["backoff", "8 s after the last failure", "when no call follows?"],
    "miss_catches_all": ["selective", "KeyError", "expected 1 call,"],
    "miss_exact_type": ["selective", " (a subclass of ValueError)", "was called 1 time,"],
    "miss_log_without_number": ["logs_history", "number of the attempt"],
    "miss_logs_the_tuple": ["logs_history", "Missing is the exception"],
    "miss_leaving_is_no_failure": ["logs_history", "said only: INFO leaving", "given up"],
    "miss_no_final_log": ["logs_history", "number 4, nothing was logged"],
    "miss_prints": ["logs_history", "It printed ", "attempt 1 ", "is not in the log"],
    "miss_prints_the_end": [
        "logs_history",
        "nothing was logged",
        "It printed 'All retries failed'",
    ],
    "miss_prints_the_error": [
        "logs_history",
        "said: WARNING attempt 1 failed.",
        "It printed 'the ",
    ],
    "miss_print_exc": ["logs_history", "said: nothing", "It printed '", "Error: the "],
    "miss_finally_logs_failure": ["logs_history", "'done', but the log said: ERROR attempt 1: all"],
    "miss_placeholder_too_many": ["logs_history", "--- Logging error ---", "do not fit"],
    "miss_argument_unprintable": ["logs_history", "or cannot be printed", "Missing is"],
    "miss_some_percent_more": ["backoff", "called 3 times, it waited", "in the wait is drawn?"],
    "miss_waits_after_a_result": ["backoff", "returns 'done'", "expected no wait without a retry"],
    "miss_none_that_has_a_cause": ["selective", "from KeyError, then returns", "expected 2 calls"],
    "miss_hands_on_itself": ["transparent", "function received ['<retry_with_backoff object>'"],
    "miss_hands_on_a_logger": ["transparent", "and {'log': '<Logger object>'}. How does"],
    "miss_no_wraps": ["transparent", "__name__ 'wrapper'"],
    "miss_truthy_only": ["transparent", "expected 1 call, then None", "called 4 times"],
    "miss_shared_count": ["independent_calls", "made 1", "expected the same"],
    "miss_state_on_self": ["independent_calls", "under way at once, in two threads"],
    "miss_shares_without_arguments": ["independent_calls", "at once", "without arguments, of"],
    "miss_number_over_all_calls": ["logs_history", "The first call is logged well", "counting up"],
    "miss_state_by_printed_arguments": ["independent_calls", "at once", "with equal arguments, of"],
    "miss_state_by_thread_and_arguments": ["independent_calls", "inside the other, with equal"],
    "miss_delay_on_self": ["independent_calls", "under way at once", "the waits 1, …, 16"],
    "miss_decorator_gives_none": ["retries_until_success", "returned None; expected a decorator"],
    "miss_wrapper_not_returned": ["retries_until_success", "made None of a function"],
    "miss_without_parentheses_only": ["retries_until_success", "TypeError", "'function'"],
    "miss_returns_a_coroutine": ["retries_until_success", "which nobody awaits"],
    "miss_import_elsewhere": ["retries_until_success", "'logging' is not", "judged alone"],
    "miss_last_error_on_settings": ["independent_calls", "give up were under way at once", "own"],
    "miss_waits_at_most_10": ["backoff", ", 10, 10 s; expected"],
    "miss_arguments_as_keys": ["transparent", "unhashable", "wrapper's own", "wrong in line 19?"],
    "miss_delay_not_nonlocal": ["retries_until_success", "wrapper's own", "in line"],
    "miss_divides_by_zero": ["retries_until_success", "wrapper's own", "wrong in line 26?"],
    "miss_own_value_error": ["retries_until_success", "ValueError is your wrapper's own", "26?"],
    "miss_raise_outside": ["gives_up", "RuntimeError is your wrapper's own", "in line 28?"],
    "miss_wraps_without_function": ["retries_until_success", "TypeError came before any line"],
    "miss_except_or": ["selective", "raises ConnectionError, then returns 'done'", "expected 2"],
    "miss_default_without_value_error": ["selective", "raises ValueError, then returns 'done'"],
    "hostile_missing": ["retries_until_success", "does not define retry_with_backoff"],
    "hostile_interrupt": ["retries_until_success", "KeyboardInterrupt", "line 1"],
}
REMARKED = ["right_tried_with_another_cell", "right_demonstration_gives_up"]
ONCE = [  # that cannot be called
    *("miss_decorator_gives_none", "miss_wrapper_not_returned", "miss_without_parentheses_only"),
    *("miss_import_elsewhere", "hostile_missing", "hostile_interrupt"),
]


def test_no_mutant_of_a_right_answer_passes():
    passed = [
        (line, text)
        for line, text, report in judged_mutants(PROBLEM, "right_plain")
        if report.outcome == "passed"
    ]
    same = [
        text for _, text in passed if "range(1, max_retries + 3)" in text
    ]  # the attempt too many is never made
    assert len(passed) == len(same), passed


@cache
def judged():
    folders = ("answers", "unusual")
    return {
        k: v for folder in folders for k, v in reports(folder, PROBLEM, [*SAID, *REMARKED]).items()
    }


@pytest.mark.parametrize("name", SAID)
def test_feedback_says_what_came_and_what_was_expected(name):
    wrong = next(mark for mark in judged()[name].criteria if mark.outcome == "failed")
    criterion, *parts = SAID[name]
    assert wrong.id == criterion
    assert all(part in wrong.feedback for part in parts), wrong.feedback


@pytest.mark.parametrize("name", ONCE)
def test_the_cause_is_told_once_and_what_was_not_tried_is_no_mistake(name):
    first, *others = judged()[name].criteria
    assert first.outcome == "failed"
    assert {(mark.outcome, mark.feedback) for mark in others} == {("not_reached", "")}


@pytest.mark.parametrize("seed", [2, 3])
def test_what_is_drawn_does_not_decide(seed):
    names = ["right_one_at_a_time", "right_captured_warnings", "miss_table_of_waits"]
    names += ["right_future_each_attempt", "right_to_thread", "miss_any_oserror"]
    for name, report in reports("unusual", PROBLEM, names, seed).items():
        assert disagreements(report, labels("unusual", PROBLEM)[name]) == {}


def test_a_report_is_the_same_for_the_same_seed():
    code = "def retry_with_backoff(**k): return lambda f: f"
    first, again = (check.judge(PROBLEM, Answer(code=code), 5) for _ in "ab")
    assert first.as_text() == again.as_text()


RETRIES = """
import copy, functools, logging, time
from concurrent.futures import CancelledError

class Retried:  # no function, so no method of a class

    def __init__(self, function, most, delay, factor, kinds):
        functools.update_wrapper(self, function)
        self.settings = min(most, 10), delay or 1.0, max(factor, 1.0), (*kinds, CancelledError)

    def __call__(self, *args, **kwargs):
        most, delay, factor, kinds = self.settings
        for attempt in range(most + 1):
            try:
                return self.__wrapped__(*copy.deepcopy(args), **kwargs)
            except kinds as error:
                if attempt == most:
                    if most:
                        logging.error("for good: %r", error)
                    raise
                logging.warning("attempt %d failed: %r", attempt + 1, error)
                time.sleep(min(60, delay * factor**attempt))
            except Exception as error:
                logging.warning("attempt %d failed: %r; retrying", attempt + 1, error)
                raise

def retry_with_backoff(max_retries=3, initial_delay=1.0, backoff_factor=2.0,
                       retryable_exceptions=(ValueError, ConnectionError)):
    settings = max_retries, initial_delay, backoff_factor, retryable_exceptions
    return lambda function: Retried(function, *settings)
"""


@pytest.mark.parametrize("last", ["for good: %r", "attempt 8 failed for good: %r"])
def test_a_retry_may_do_more_than_was_asked(last):
    report = check.judge("problem_5", Answer(code=RETRIES.replace("for good: %r", last)), 7)
    assert report.outcome == "passed", report


def test_what_a_cell_raises_after_the_definition_is_told_once():
    report = judged()["right_tried_with_another_cell"]
    assert "NameError: name 'fails' is not defined in line 26" in report.note
    assert "into a cell of its own" in report.as_text()
    assert judged()["right_demonstration_gives_up"].note.count("ValueError") == 1
    assert judged()["right_demonstration_gives_up"].outcome == "passed"  # what it logs is no call's
    assert judged()["miss_own_value_error"].note == ""


def test_an_error_of_the_wrappers_own_is_told_whole_once():
    first, second, *_ = judged()["miss_own_value_error"].criteria
    assert "invalid literal" in first.feedback
    assert second.feedback == (
        "Here, too, your wrapper raised the ValueError of its own: what remains of this when that "
        "is mended?"
    )


@pytest.mark.parametrize("name", ["miss_except_or", "miss_default_without_value_error"])
def test_one_exception_that_is_not_retried_costs_one_point(name):
    assert [mark.id for mark in judged()[name].criteria if mark.points == 0] == ["selective"]


PLAIN = (Path(__file__).parent / "answers/problem_5/right_plain.py").read_text()
SLEEP, TUPLE, SAYS = (
    "time.sleep(delay)",
    "except retryable_exceptions",
    '"attempt %d failed for good',
)
RUN = "__import__('subprocess').run(['sleep', str({})])"
UNLIKE = {  # a line, what stands there instead, the criterion that is missed
    "least wait": (SLEEP, "time.sleep(max(0.3, delay))", "backoff"),
    "really at most 1 s": (SLEEP, RUN.format("min(1, delay)"), "backoff"),
    "first two": (TUPLE, f"{TUPLE}[:2]", "selective"),
    "first and last": (TUPLE, f"{TUPLE}[::len(retryable_exceptions) - 1 or 1]", "selective"),
    "empty": ('"attempt %d failed for good: %r", attempt, error', '""', "logs_history"),
    "a letter": ('"attempt %d failed for good: %r", attempt, error', '"x"', "logs_history"),
}
OPEN = {  # a line, what stands there instead, and so on; what the README's row says of it
    "a deadline": (
        "if attempt > max_retries:",
        "if attempt > max_retries or delay - initial_delay > 40 * (backoff_factor - 1):",
    ),
    "a tenth of a second": (SLEEP, "time.sleep(delay + 0.045)"),
    "a twentieth longer": (SLEEP, "time.sleep(delay * 1.045)"),
    "really longer": (SLEEP, RUN.format("delay * __import__('random').uniform(1.1, 1.4)")),
    "rounding": (SLEEP, "time.sleep(round(delay, 2))"),
    "the function's own time": (
        *("try:\n", f"began = time.monotonic()\n{' ' * 16}try:\n"),
        *(SLEEP, "time.sleep(max(0, delay - time.monotonic() + began))"),
    ),
    "a budget": (
        *("> max_retries:", "> max_retries or not left or left.pop():"),
        *("logger =", "left = [0] * 100\nlogger ="),
    ),
    "a factor of 1": (
        "delay *= backoff_factor",
        "delay *= backoff_factor if backoff_factor > 1 else 2",
    ),
    "two letters": ('"attempt %d failed for good: %r", attempt, error', '"retrying"'),
    "none listed": (TUPLE, f"{TUPLE} or (ValueError, ConnectionError)"),
    "Ctrl-C": (SLEEP, f"try: {SLEEP}\n                    except KeyboardInterrupt: pass"),
    "what it says": ("raise\n", "error.args = 'it failed',; raise\n"),
    "None": ("function(*args", "function(*(x for x in args if x is not None)"),
    "nobody hears": (
        "def retry",
        "logger.addHandler(logging.NullHandler())\nlogger.propagate = False\ndef retry",
    ),
    "too early": (
        SLEEP,
        f"{SLEEP}\n{' ' * 20}attempt == max_retries and logger.error('giving up')",
    ),
    "its helper's": ("wrapper(*args", "wrapper(*args, func=None"),
    "one by one": (
        *("return function(*args, **kwargs)", "with lock: return function(*args, **kwargs)"),
        *("logger =", "lock = __import__('threading').RLock()\nlogger ="),
    ),
    "by name": ("backoff(max_retries", "backoff(*, max_retries"),
}


def of_plain(*lines):
    code = PLAIN
    for old, new in zip(lines[::2], lines[1::2], strict=True):
        assert old in code
        code = code.replace(old, new)
    return check.judge(PROBLEM, Answer(code=code), 11)


@pytest.mark.parametrize("unlike", UNLIKE)
def test_what_differs_only_where_it_is_tried_is_found(unlike):
    *lines, criterion = UNLIKE[unlike]
    report = of_plain(*lines)
    assert [mark.id for mark in report.criteria if mark.outcome != "passed"] == [criterion]


@pytest.mark.parametrize("line", OPEN)
def test_what_the_readme_says_of_problem_5_is_open(line):
    assert of_plain(*OPEN[line]).outcome == "passed"


def test_what_hangs_inside_a_call_of_its_own_is_told():
    calls = "return function(*args, **kwargs)"
    locked = f"\n{' ' * 20}with lock: {calls}"
    code = PLAIN.replace(calls, locked).replace(
        "logger =", "import threading\nlock = threading.Lock()\nlogger ="
    )
    report = check.judge(PROBLEM, Answer(code=code), 11)
    assert (report.outcome, "inside another one" in report.note) == ("passed", True)


@pytest.mark.parametrize("seconds", ["nan", "inf"])
def test_a_wait_that_is_none_is_an_error_of_the_real_sleep(seconds):
    wrong = next(mark for mark in of_plain(SLEEP, f"time.sleep(float('{seconds}'))").criteria)
    assert "Error is your wrapper's own, not the function's: what goes wrong in line 20?" in (
        wrong.feedback
    )
    assert "locked" not in wrong.feedback


def test_a_wait_that_a_schedule_shortens_is_not_told_as_a_shared_delay():
    report = of_plain(
        *("delay = initial_delay", "delay, due = initial_delay, time.monotonic()"),
        *(SLEEP, f"due += delay\n{' ' * 20}time.sleep(max(0, due - time.monotonic()))"),
    )
    wrong = [mark for mark in report.criteria if mark.outcome == "failed"]
    assert [mark.id for mark in wrong] == ["independent_calls"]
    assert wrong[0].feedback.endswith("does a wait begin only when its attempt has failed?")


def test_a_remark_is_no_longer_than_a_feedback():
    named = "raise type('X' * 100_000, (Exception,), {})"
    assert len(of_plain("    return decorate\n", f"    return decorate\n{named}\n").note) < 2000
