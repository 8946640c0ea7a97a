"""Each exercise is whole: starter, solution, near misses, hints; and a fault of one is seen."""

from dataclasses import replace

import pytest

from workbench.course.inspection import inspect
from workbench.exercises.registry import Criterion, exercises, find

DOUBTFUL = Criterion("doubtful", "A title", "prose", subjects=("dagg",))
SLOW = ("problem_2", "problem_4")  # they run an engine for each near miss


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in exercises()],
)
def test_an_exercise_is_whole(name):
    inspection = inspect(find(name))
    assert (inspection.faults, inspection.absent) == ((), ())
    assert str(inspection).startswith(f"✓ {name}: ")


def test_where_nothing_was_installed_beside_it_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.exercises.registry.PROJECT", tmp_path)
    inspection = inspect(find("problem_1"))
    assert inspection.faults == ()
    assert str(inspection).count("not checked:") == 2


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"hints": ("Which?",)}, "1 hints instead of 3"),
        ({"every": ("nothing",)}, "its rule for passing names nothing"),
        ({"parts": ("prose", "code")}, "the part code is not both asked and judged"),
        ({"preload": ("pandas",)}, "it preloads modules and has no probe"),
        ({"criteria": (DOUBTFUL,)}, "the tables of prose have no subject dagg"),
        ({"criteria": (DOUBTFUL,)}, "labels.json names acyclic, directed, nodes_edges, order"),
    ],
)
def test_what_cannot_be_meant_is_named(fault, said):
    inspection = inspect(replace(find("problem_1"), **fault))
    assert any(said in text for text in inspection.faults)
    assert str(inspection).startswith("✗ problem_1: ")
