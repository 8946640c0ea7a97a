"""Problem 5: no broken program passes, and the feedback says what came and what was expected."""

import pytest
from labelled import judged_mutants, reports

from workbench.exercises import check
from workbench.exercises.answers import Answer

PROBLEM = "problem_5"


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


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("miss_three_attempts", ["retries_until_success", "called 3 times", "expected 4 calls"]),
        (
            "miss_wraps_error",
            ["gives_up", "RuntimeError('gave up')", "the exception of the last one"],
        ),
        ("miss_constant_wait", ["backoff", "waited 0, 1, 1, 1 s", "expected 0, 1, 2, 4 s"]),
        ("miss_waits_after_last", ["backoff", "8 s after the last"]),
        ("miss_catches_all", ["selective", "KeyError", "expected 1 call,"]),
        ("miss_log_without_number", ["logs_history", "number of the attempt"]),
        ("miss_prints", ["logs_history", "Nothing was logged"]),
        ("miss_no_wraps", ["transparent", "__name__ 'wrapper'"]),
        ("miss_truthy_only", ["transparent", "expected None", "called 4 times"]),
        ("miss_shared_count", ["independent_calls", "made 2", "expected the same"]),
        ("hostile_interrupt", ["retries_until_success", "KeyboardInterrupt", "line 1"]),
        ("hostile_none", ["retries_until_success", "TypeError"]),
    ],
)
def test_feedback_says_what_came_and_what_was_expected(name, said):
    report = reports("answers", PROBLEM, [name])[name]
    wrong = next(each for each in report.criteria if each.outcome == "failed")
    assert wrong.id == said[0]
    assert all(part in wrong.feedback for part in said[1:]), wrong.feedback


def test_a_report_is_the_same_for_the_same_seed():
    code = "def retry_with_backoff(**k): return lambda f: f"
    first, again = (check.judge(PROBLEM, Answer(code=code), 5) for _ in "ab")
    assert first.as_text() == again.as_text()
