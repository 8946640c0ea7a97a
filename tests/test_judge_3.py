"""Problem 3: no broken program passes, and the feedback says what came and what was expected."""

import tracemalloc
from dataclasses import replace
from functools import cache

import pytest
from labelled import HERE, disagreements, judged_mutants, labels, reports

from workbench.exercises import check
from workbench.exercises.answers import Answer
from workbench.exercises.registry import find

PROBLEM = "problem_3"


def test_no_mutant_of_a_right_answer_passes():
    for line, text, report in judged_mutants(PROBLEM, "right_replace"):
        assert report.outcome == "failed", f"line {line}:\n{text}"


SAID = {
    "miss_append": ["idempotent", "run again on its own output", "wrote more below it"],
    "miss_squares": ["doubles", "expected", "row 1"],
    "miss_index": ["doubles", "a column more", "expected no index"],
    "miss_marker": ["no_litter", "'_SUCCESS'"],
    "miss_overwrites_input": ["input_untouched", "bytes before"],
    "basic_relative_part": ["crash_safe", "Invalid cross-device link", "another file system"],
    "miss_row_becomes_a_column": ["doubles", "1 row", "expected one for that of the input"],
    "basic_to_csv": ["crash_safe", "illed while it was writing", "part of an output"],
    "basic_remove_then_rename": ["crash_safe", "no output"],
    "basic_replace_in_finally": ["crash_safe", "disk full"],
    "basic_finally_rows": ["crash_safe", "disk full", "part of an output"],
    "basic_stops_at_a_bad_row": ["crash_safe", "disk full", "part of an output"],
    "miss_header_every_thousand": ["doubles", "the header again, in row 1001"],
    "miss_sorted_columns": ["doubles", "the columns in the order"],
    "miss_keeps_older_order": ["replaces", "with its columns in another order"],
    "miss_exists_return": ["replaces", "wrote nothing"],
    "miss_cached_in_memory": ["doubles", "which has changed since the call before"],
    "miss_ten_digits": ["doubles", "3 columns and 20 rows", "expected"],
    "miss_row_without_newline": [
        "doubles",
        "without a newline at its end",
        "expected one for each",
    ],
    "miss_versions_and_link": ["doubles", "a link, a folder or a pipe"],
    "miss_needs_a_folder": ["doubles", "FileNotFoundError", "in line 7"],
    "miss_import_elsewhere": ["doubles", "'pd' is not defined", "judged alone", "defines pd?"],
    "miss_shows_itself": ["doubles", "ModuleNotFoundError", "into a cell of its own"],
    "miss_no_code": ["doubles", "does not define the function process_data"],
    "hostile_raises": ["doubles", "OSError: disk is full in line 2"],
    "hostile_syntax": ["doubles", "SyntaxError", "line 1", "leave open?"],
    "hostile_wrong_name": ["doubles", "process_data"],
    "hostile_nothing": ["doubles", "left no 'output.csv'"],
    "hostile_loop_call": ["doubles", "took too long"],
    "hostile_coroutine": ["doubles", "a coroutine, of which no line has run"],
    "hostile_generator": ["doubles", "a generator, of which no line has run"],
    "hostile_own_names": ["doubles", "left no output. Where"],
    "hostile_tabs": ["doubles", "(answer.py, line 6). Which lines begin with tabs"],
    "hostile_import_missing": ["doubles", "No module named", "not installed where"],
    "miss_begins_with_it": ["replaces", "with its rows and others", "wrote nothing"],
    "miss_names_in_lower_case": ["doubles", "wrote the header"],
    "miss_prints_the_error": ["doubles", "no such folder", "or an error"],
    "basic_part_is_appended_to": ["crash_safe", "a killed run had left", "half done?"],
    "miss_keeps_a_beginning": ["replaces", "with nothing but its first rows", "wrote nothing"],
    "basic_blocks_of_blank_lines": ["crash_safe", "With the disk full", "part of an output"],
    "miss_swallows_when_large": ["doubles", "(some values missing)", "row 1", "expected"],
    "miss_recursion": ["doubles", "RecursionError", "expected its output"],
    "miss_raises_run_again_elsewhere": ["idempotent", "another process", "FileExistsError"],
    "miss_fits_then_in_place": ["crash_safe", "illed while it was writing", "part of an output"],
    "basic_lock_of_the_killed": ["crash_safe", "a killed run had left", "no output"],
}


@cache
def judged():
    return {
        name: report
        for folder in ("answers", "unusual")
        for name, report in reports(folder, PROBLEM, SAID).items()
    }


@pytest.mark.parametrize("name", SAID)
def test_feedback_says_what_came_and_what_was_expected(name):
    wrong = next(mark for mark in judged()[name].criteria if mark.outcome == "failed")
    criterion, *parts = SAID[name]
    assert wrong.id == criterion
    assert all(part in wrong.feedback for part in parts), wrong.feedback


@pytest.mark.parametrize("name", ["miss_import_elsewhere", "miss_needs_a_folder", "hostile_syntax"])
def test_the_cause_is_told_once_and_what_was_not_tried_is_no_mistake(name):
    first, *others = judged()[name].criteria[:6]
    assert first.outcome == "failed"
    assert first.feedback.count("judged alone") == (name == "miss_import_elsewhere")
    assert {(mark.outcome, mark.feedback) for mark in others} == {("not_reached", "")}


@pytest.mark.parametrize("seed", [2, 3])
def test_what_is_drawn_does_not_decide(seed):
    names = ["right_pandas_chunks_200", "right_int_or_float", "basic_finally_rows"]
    for name, report in reports("unusual", PROBLEM, names, seed).items():
        assert disagreements(report, labels("unusual", PROBLEM)[name]) == {}


@pytest.mark.slow
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


def test_what_an_answer_brings_by_the_thousand_is_litter_and_fills_no_memory():
    code = (
        "import os\nimport pandas as pd\nfor number in range(1000):\n"
        "    with open(f'brought{number}', 'wb') as file: file.truncate(1 << 20)\n"
        "def process_data(i, o):\n    (pd.read_csv(i) * 2).to_csv(o, index=False)"
    )
    tracemalloc.start()
    report = check.judge(PROBLEM, Answer(code=code), 1, words=False)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [mark.id for mark in report.criteria if mark.outcome == "failed"] == [
        "no_litter",
        "crash_safe",
    ]
    assert most < 64 << 20


@pytest.mark.parametrize(
    ("deep", "failed"), [(7, ["crash_safe"]), (500, ["no_litter", "crash_safe"])]
)
def test_folders_that_an_answer_brings_are_looked_through_down_to_a_depth(deep, failed):
    code = (
        "import os\nimport pandas as pd\n"
        f"os.makedirs('/'.join('d' * {deep}), exist_ok=True)\n"
        "def process_data(i, o):\n    (pd.read_csv(i) * 2).to_csv(o, index=False)"
    )
    report = check.judge(PROBLEM, Answer(code=code), 1, words=False)
    assert [mark.id for mark in report.criteria if mark.outcome == "failed"] == failed


PREFECT = """
import os
import pandas as pd
from prefect import flow, task

@{}
def process_data(input_file, output_file):
    (pd.read_csv(input_file) * 2).to_csv(f"{{output_file}}.part", index=False)
    os.replace(f"{{output_file}}.part", output_file)
"""
JOBLIB = """
import os
import pandas as pd
from joblib import Parallel, delayed

def twice(column):
    return column * 2

def process_data(input_file, output_file):
    table = pd.read_csv(input_file)
    columns = Parallel(n_jobs=2)(delayed(twice)(table[name]) for name in table)
    pd.concat(columns, axis=1).to_csv(f"{output_file}.part", index=False)
    os.replace(f"{output_file}.part", output_file)
"""
AIRFLOW = "from airflow.sdk import task\n@task\ndef process_data(i, o):\n    open(o, 'w')\n"
# Such libraries are loaded for each process anew; this is not about the time that takes.
PATIENT = replace(find(PROBLEM).limits, wall=400, cpu=100)


@pytest.mark.slow
@pytest.mark.parametrize(
    "code", [PREFECT.format("task(retries=2)"), PREFECT.format("flow"), JOBLIB]
)
def test_what_wraps_a_right_function_costs_it_nothing(code):
    report = check.judge(PROBLEM, Answer(code=code), 1, limits=PATIENT, words=False)
    assert report.outcome == "passed", report
    assert report.stretch == 1


@pytest.mark.slow
def test_a_task_of_airflow_that_nobody_runs_is_told():
    report = check.judge(PROBLEM, Answer(code=AIRFLOW), 1, limits=PATIENT)
    assert "of which no line has run: which pipeline" in report.criteria[0].feedback


@pytest.mark.parametrize(
    ("name", "lost"),
    [("right_refuses_beside_a_part", []), ("hostile_constant", ["doubles", "crash_safe"])],
)
def test_each_criterion_of_a_file_stands_by_itself_and_a_refusal_after_a_kill_is_an_answer(
    name, lost
):
    code = (HERE / "answers" / PROBLEM / f"{name}.py").read_text()
    report = check.judge(PROBLEM, Answer(code=code), 7, words=False)
    assert [one.id for one in report.criteria if one.outcome == "failed"] == lost


ODD = """
import os, sys
import pandas as pd
frame = sys._getframe()
while "given" not in frame.f_locals:
    frame = frame.f_back
channel = frame.f_locals["channel"]
last = any(call["once"] for call in frame.f_locals["given"]["calls"])
def process_data(i, o):
    {}
    (pd.read_csv(i) * 2).to_csv(o + ".part", index=False)
    os.replace(o + ".part", o)
"""
STRETCH = "crash_safe"
ENDS = "channel._send('done', {'type': [1], 'text': {}, 'line': 'x'}); os._exit(0)"
TELLS = "for odd in ('text', [[]], 5, {'type': {}, 'line': []}): channel.tell(failed=odd)"


@pytest.mark.parametrize(
    ("ends", "failed", "said"),
    [
        (ENDS, ["doubles"], "raised [1]: {}. Call it"),
        (f"if last and 'figures' in i: {ENDS}", [STRETCH], "did not come back: [1]: {}."),
        ("if o.endswith('-3.csv'): sys.modules['signal'].signal = None", [STRETCH], "TypeError"),
        (
            f"if last and os.path.isabs(i): {TELLS}; raise ValueError",
            ["doubles", STRETCH],
            "an error; exp",
        ),
    ],
)
def test_whatever_a_probe_tells_the_answer_is_judged(ends, failed, said):
    ends = ends.replace(": ", ":\n        ", 1) if ends.startswith("if") else ends
    code = ODD.replace("{}", ends, 1).replace("; raise", "\n        raise")
    report = check.judge(PROBLEM, Answer(code=code), 1, words=False)
    assert [one.id for one in report.criteria if one.outcome == "failed"] == failed
    for criterion in failed:
        assert said in next(one.feedback for one in report.criteria if one.id == criterion)


@pytest.mark.parametrize("asks", ["os.sendfile(1, 0, 0, 1)", "mmap.mmap(-1, 4096)"])
def test_what_the_kernel_refuses_to_all_is_told(asks):
    code = f"import mmap, os\ndef process_data(i, o):\n    {asks}"
    report = check.judge(PROBLEM, Answer(code=code), 1, words=False)
    assert "the kernel does not grant that" in report.criteria[0].feedback


def test_an_empty_cell_is_named():
    report = check.judge(PROBLEM, Answer(code="\n", prose="Running it again changes nothing."), 1)
    first, *others = report.criteria[:6]
    assert "no code yet in the cell `%%answer problem_3`" in first.feedback
    assert {mark.outcome for mark in others} == {"not_reached"}


def test_inputs_come_from_the_seed():
    code = "def process_data(i, o):\n    raise ValueError(open(i).read())"
    said = [
        check.judge(PROBLEM, Answer(code=code), seed).criteria[0].feedback for seed in (1, 1, 2)
    ]
    assert said[0] == said[1] != said[2]
