"""Problem 4: what an accuracy is at least, by how far models agree; what trains, and fails."""

import numpy as np
import pytest

from workbench.exercises.problem_4 import agreement, mistakes
from workbench.exercises.problem_4.flow_run import FlowRun

ROWS = 114
TRUE = np.arange(ROWS) % 2


def labels(wrong):
    """Those of a model that is wrong about the first so many of the rows."""
    return np.where(np.arange(ROWS) < wrong, 1 - TRUE, TRUE)


def scored(kind, said, digests=range(ROWS)):
    told = agreement.labels_of([*digests], np.zeros(ROWS, bool), said, [0, 1])
    common = {"known": 0.0, "near": 0.0, "rows": ROWS, "twins": 0.0, "scored": kind}
    return {"kind": kind} | common | told


def run_of(accuracy, kind, models, taken=0.0, **shifted):
    run = FlowRun("selects_best", {}, kind, taken=taken)
    run.reported["ran"]["returned"] = {"model_type": kind, "accuracy": accuracy}
    run.scored = [scored(name, said, **shifted) for name, said in models.items()]
    return run


GOOD = {"random_forest": labels(4), "xgboost": labels(7), "lightgbm": labels(2)}
BEFORE = run_of(0.965, "random_forest", GOOD)


@pytest.mark.parametrize("taken", [1 / 4, 1 / 3])
@pytest.mark.parametrize("digests", [range(ROWS), range(500, 500 + ROWS)])
def test_the_accuracy_of_another_model_is_not_that_of_one_as_good_as_by_default(taken, digests):
    right = 0.94 * (1 - taken)
    mean = (right + 0.5 * 0.95) / 3
    for accuracy, accused in ((right, False), (round(right - 0.01, 2), False), (mean, True)):
        run = run_of(accuracy, "xgboost", GOOD, taken, digests=digests)
        assert bool(mistakes._of_others(BEFORE, run)) is accused


def test_of_a_model_that_differs_much_or_gives_no_labels_nothing_is_known():
    stump = GOOD | {"xgboost": labels(70)}
    assert mistakes._of_others(BEFORE, run_of(0.3, "xgboost", stump, 1 / 4)) == ""
    margins = GOOD | {"xgboost": labels(7) + 0.5}
    assert mistakes._of_others(BEFORE, run_of(0.3, "xgboost", margins, 1 / 4)) == ""
    assert mistakes._of_others(BEFORE, run_of(0.05, "xgboost", margins, 1 / 4))
    kept = [agreement.kept(run_of(0.9, "xgboost", of), [*GOOD], 0.25) for of in (stump, margins)]
    assert kept == [1 / 16, 0.25]
    assert agreement.kept(BEFORE, [*GOOD], 0.25) == 1 / 2


def test_one_that_is_trained_anew_and_differs_agrees_with_nobody():
    again = run_of(0.9, "xgboost", GOOD)
    again.scored += [scored("xgboost", labels(60)), scored("lightgbm", labels(2))]
    assert agreement.kept(again, ["random_forest", "xgboost"], 0.25) < 0.25
    assert agreement.kept(again, ["random_forest", "lightgbm"], 0.25) == 1 / 2


def test_labels_are_told_of_new_rows_alone_and_are_the_same_whatever_holds_them():
    known = np.arange(ROWS) < 100
    told = [
        agreement.labels_of([*range(ROWS)], known, said, classes)
        for said, classes in ((TRUE, [0, 1]), (TRUE.astype(float), [0.0, 1.0]))
    ]
    assert told[0] == told[1]
    assert told[0]["told"] == [*range(100, ROWS)]
    texts = np.array(["a", "b"])
    assert len(agreement.labels_of([*range(ROWS)], known, texts[TRUE], texts)["labels"]) == 14


def test_the_winner_is_of_a_task_run_that_did_not_fail():
    def judged(*states):
        run = FlowRun("completes", {})
        run.reported["ran"]["returned"] = {"model_type": "xgboost"}
        tasks = zip(GOOD, states, strict=True)
        told = {kind: {"state": state, "message": "", "end": None} for kind, state in tasks}
        run.reported["records"] = {"tasks": told}
        fit = {"ended": True, "rows": 400}
        run.fits = {kind: fit | {"fit": kind, "kind": kind, "task_run": kind} for kind in GOOD}
        return mistakes.untracked(run)

    assert judged("COMPLETED", "COMPLETED", "COMPLETED") == ""
    assert judged("FAILED", "COMPLETED", "FAILED") == ""  # they refuse what is too bad
    assert judged("FAILED", "RUNNING", "FAILED") == ""
    assert "as FAILED, expected COMPLETED" in judged("FAILED", "FAILED", "FAILED")
    assert "as CRASHED" in judged("COMPLETED", "CRASHED", "COMPLETED")
