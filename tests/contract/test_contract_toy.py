"""An engine that another distribution brings keeps the contract, and everybody sees it."""

import contextlib
import functools
import os
import sys
from pathlib import Path

import pytest
from suite import Contract
from typer.testing import CliRunner
from vocabulary import pause, reach_the_gate, refused

from workbench import Run, doctor, draw, step, things_in
from workbench.cli.app import app
from workbench.engines.registry import specs

TOY = Path(__file__).parents[1] / "toy"


@contextlib.contextmanager
def installed():
    """The toy's distribution is on the search path, as an installed one is."""
    if str(TOY) in sys.path:
        yield
        return
    sys.path.append(str(TOY))
    specs.cache_clear()
    yield
    sys.path.remove(str(TOY))
    specs.cache_clear()


@pytest.fixture(scope="module", autouse=True)
def distribution():
    """Before the session begins, for it is then that an engine's settings are made."""
    with installed(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(TOY), prepend=os.pathsep)
        yield


@pytest.fixture(scope="module", autouse=True)
def session(distribution, session):
    return session


def one():
    pause()
    return 1


def add(value):
    pause()
    return value + 1


def add_at_the_gate(value):
    reach_the_gate()
    return value + 1


class TestToy(Contract):
    engine = "toy"
    cannot_say = dict.fromkeys(
        (
            *("parameters", "retries", "timeout", "order-only edges"),
            *("skipped branch", "mapped tasks", "growing graph", "cached"),
        ),
        "a recipe is functions and what they receive",
    )

    @classmethod
    @functools.cache
    def spec(cls):
        with installed():
            return super().spec()

    def recipe(self, **steps):
        from toy_engine import recipe

        return recipe(**steps)

    def chain(self):
        return self.recipe(first=one, second=(add, "first"), third=(add, "second"))

    def diamond(self):
        return self.recipe(
            first=one,
            left=(add, "first"),
            right=(lambda value: value + 2, "first"),
            last=(lambda left, right: left + right, "left", "right"),
        )

    def held(self):
        return self.recipe(first=one, second=(add_at_the_gate, "first"), third=(add, "second"))


def test_it_is_small():
    assert len((TOY / "toy_engine.py").read_text().splitlines()) < 80


def test_it_is_drawn():
    assert draw(TestToy().chain()).text.startswith("3 tasks in 3 waves: first → second → third")


def test_its_settings_and_homes_are_made_by_start(session):
    assert os.environ["TOY_QUIET"] == "1"
    assert os.environ["TOY_HOME"] == str(session / "toy")


def test_it_is_named_where_nothing_is_found(tmp_path):
    (tmp_path / "empty.py").write_text("")
    assert ", a Recipe or a " in refused(lambda: Run(42))
    assert " or Recipe at its top level" in refused(lambda: things_in(tmp_path / "empty.py"))


def test_the_panel_offers_what_can_be_injected():
    panel = step(TestToy().chain())
    ways = ["raise", "raise once", "hang", "corrupt output"]
    assert panel.choices["Way to fail"]["options"] == ways
    panel.close()


def test_its_things_are_found_in_a_file(tmp_path):
    file = tmp_path / "dinner.py"
    file.write_text("from toy_engine import recipe\ndinner = recipe(cook=int, eat=(abs, 'cook'))\n")
    done = CliRunner().invoke(app, ["draw", str(file)])
    assert done.output.startswith("dinner: 2 tasks in 2 waves: cook → eat")


def test_the_doctor_tries_it(monkeypatch):
    engines = {name: spec for name, spec in specs().items() if name in ("local", "toy")}
    monkeypatch.setattr(doctor, "specs", lambda: engines)  # the others' imports cost seconds
    monkeypatch.setattr(doctor, "LIBRARIES", {})
    findings = {finding.subject: finding for finding in doctor.examine()}
    assert (findings["Recipes"].works, findings["Recipes"].state) == (True, "1.0")


def test_without_its_distribution_nobody_knows_it(monkeypatch):
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path != str(TOY)])
    specs.cache_clear()
    assert "toy" not in specs()
    monkeypatch.undo()
    specs.cache_clear()
    assert "toy" in specs()
