"""Problem 3: no broken program passes, and the feedback says what came and what was expected."""

import pytest
from labelled import judged_mutants, reports

from workbench.exercises import check
from workbench.exercises.answers import Answer

PROBLEM = "problem_3"


def test_no_mutant_of_a_right_answer_passes():
    for line, text, report in judged_mutants(PROBLEM, "right_replace"):
        assert report.outcome == "failed", f"line {line}:\n{text}"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("miss_append", ["idempotent", "lines instead of", "same as after one"]),
        ("miss_squares", ["doubles", "expected", "row 1"]),
        ("miss_index", ["doubles", "header", "expected"]),
        ("miss_marker", ["no_litter", "'_SUCCESS'"]),
        ("miss_overwrites_input", ["input_untouched", "bytes before"]),
        ("basic_to_csv", ["crash_safe", "illed while it was writing", "part of an output"]),
        ("basic_remove_then_rename", ["crash_safe", "no output"]),
        ("basic_replace_in_finally", ["crash_safe", "disk full"]),
        ("hostile_raises", ["doubles", "OSError: disk is full in line 2"]),
        ("hostile_syntax", ["doubles", "SyntaxError", "line 1"]),
        ("hostile_wrong_name", ["doubles", "process_data"]),
        ("hostile_nothing", ["doubles", "no output.csv"]),
        ("hostile_loop_call", ["doubles", "took too long"]),
    ],
)
def test_feedback_says_what_came_and_what_was_expected(name, said):
    report = reports("answers", PROBLEM, [name])[name]
    wrong = next(each for each in report.criteria if each.outcome == "failed")
    assert wrong.id == said[0]
    assert all(part in wrong.feedback for part in said[1:]), wrong.feedback


def test_what_was_decided_before_a_stop_keeps_its_verdict():
    code = (
        "import os\nimport pandas as pd\ndef process_data(i, o):\n"
        "    while os.path.exists(o): pass\n"
        "    (pd.read_csv(i) * 2).to_csv(o, index=False)"
    )
    report = check.judge(PROBLEM, Answer(code=code), 1)
    outcomes = {each.id: each.outcome for each in report.criteria}
    assert (report.stopped, report.outcome, report.score) == ("time", "failed", 1.0)
    assert (outcomes["doubles"], outcomes["idempotent"], outcomes["replaces"]) == (
        "passed",
        "failed",
        "not_reached",
    )


def test_inputs_come_from_the_seed():
    code = "def process_data(i, o):\n    raise ValueError(open(i).read())"
    said = [
        check.judge(PROBLEM, Answer(code=code), seed).criteria[0].feedback for seed in (1, 1, 2)
    ]
    assert said[0] == said[1] != said[2]
