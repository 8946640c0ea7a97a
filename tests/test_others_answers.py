"""What strangers wrote, in styles that nobody here thought of: a judge that is mended still agrees.

To add one, write it below a head into `answers/others`, before a judge has seen it: `others` of
`labelled.py` says how. What is debatable has no place there.
"""

from ast import dump, parse

import pytest
from labelled import OTHERS, disagreements, others, reports_on_others

PROBLEMS = sorted(file.stem for file in OTHERS.glob("*.txt"))
# Drawn once: right ones that are judged fast and are unlike each other, and what they once lost.
SAMPLE = {
    "practice_1": [
        "dsl_condition_old",
        "metadata_assigned",
        "gate_double_negative",
        "decide_list_loop",
        "model_artifact_extra",
        "nested_pipeline",
        "outputpath",
        "functions_defined_then_wrapped",
    ],
    "practice_2": ["getopt", "match_statement", "msgspec", "exception_group", "n_digits"],
    "problem_2": [
        "airflow_decorators",
        "class_operator",
        "decorated_existing_functions",
        "legacy_imports",
        "multi_outputs_xcom_pull_none",
        "notebook_magics",
        "render_python_script",
        "template_logical_date",
        "echo_to_dev_stdout",
        "process_substitution",
    ],
    "problem_3": [
        "np_genfromtxt",
        "fractions",
        "asyncio_to_thread",
        "compare_before_write",
        "tries_itself",
        "partial_of_functools",
        "generator_pipeline",
        "by_descriptor_of_the_folder",
    ],
    "problem_4": [
        "async_gather",
        "cached_tasks",
        "nested_task_in_flow",
        "return_state_submit",
        "stacked_pipeline_pca_selectk",
        "task_class_closures",
        "taskgroup",
        "train_in_task_score_in_flow",
        "counts_of_a_confusion_by_hand_near_0_7",
        "lightgbm_eval_x_and_y",
    ],
    "problem_5": [
        "json_log",
        "suppress_style",
        "generator_of_delays",
        "ctxmanager_attempts",
        "descriptor_class",
        "recursive_inner",
        "tenacity_before_sleep_log",
        "signature_preserved_exec",
    ],
}


def disagreeing(problem, names, folder):
    """{name: {criterion: (label, judged)}} where they differ."""
    told = others(problem)
    judged = reports_on_others(problem, names, folder)
    differing = {name: disagreements(report, told[name]) for name, report in judged.items()}
    return {name: both for name, both in differing.items() if both}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_there_are_right_and_wrong_ones(problem):
    told = others(problem)
    right = {name for name, label in told.items() if all(label["criteria"].values())}
    assert len(right) >= 20
    assert len(told) - len(right) >= 15
    assert set(SAMPLE[problem]) <= right


@pytest.mark.parametrize("problem", PROBLEMS)
def test_none_stands_there_twice(problem):
    programs = {}
    for name, label in others(problem).items():
        try:
            program = dump(parse(label["code"]))
        except SyntaxError:  # the notation of a notebook
            program = label["code"]
        assert programs.setdefault(program, name) == name


@pytest.mark.slow
@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_sample_is_judged_as_it_is_labelled(problem, tmp_path):
    assert disagreeing(problem, SAMPLE[problem], tmp_path) == {}


@pytest.mark.long
@pytest.mark.parametrize("problem", PROBLEMS)
def test_all_are_judged_as_they_are_labelled(problem, tmp_path):
    assert disagreeing(problem, list(others(problem)), tmp_path) == {}
