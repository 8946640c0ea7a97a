"""One session for all tests of a module: an engine, its database, its server start once."""

import os
from pathlib import Path

import pytest

from workbench import Run, start, workspace

pytest.register_assert_rewrite("vocabulary", "steering", "failing", "shapes", "survival")


@pytest.fixture(scope="module", autouse=True)
def session(tmp_path_factory):
    before, here = dict(os.environ), Path.cwd()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr(workspace, "_session", None)
        patch.setattr(workspace, "_seed", None)
        yield start(seed=1)
    os.chdir(here)
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(autouse=True)
def home(session, tmp_path, monkeypatch):
    """Takes the place of the home of its own that every other test has; tasks find a folder."""
    monkeypatch.setenv("CONTRACT_FOLDER", str(tmp_path))
    return session


@pytest.fixture
def opened(tmp_path):
    """opened(thing, …) is a Run in a folder of its own that is closed when the test ends."""
    runs = []

    def open_run(thing, **options):
        runs.append(Run(thing, tmp_path / f"run-{len(runs) + 1}", **options))
        return runs[-1]

    yield open_run
    for run in runs:
        run.close()


@pytest.hookimpl(tryfirst=True)  # before those that are slow are left out
def pytest_collection_modifyitems(config, items):
    """Leave out what an engine does not declare; its refusals are a test of their own."""
    lacking = [item for item in items if not _asked(item)]
    if lacking:
        config.hook.pytest_deselected(items=lacking)
        items[:] = [item for item in items if item not in lacking]
    for item in items:
        if item.get_closest_marker("slow_where_heavy") and item.cls.heavy:
            item.add_marker("slow")


def _asked(item):
    needs = [mark.args[0] for mark in item.iter_markers("needs")]
    return all(capability in item.cls.spec().capabilities for capability in needs)
