"""Folders, homes, seeds: a session of one's own, and nothing in the real home."""

import fcntl
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from workbench import PipelineError, run, start, workspace
from workbench.engines.registry import specs


def test_start_makes_a_folder_of_its_own_and_moves_into_it(home):
    session = start(seed=3)
    assert Path.cwd() == session
    assert session.parent.parent == home
    homes = [name for spec in specs().values() for name in spec.homes]
    assert len(homes) > 2
    assert all(Path(os.environ[name]).is_relative_to(session) for name in homes)
    assert workspace.seed() == 3


def test_start_seeds_the_generators():
    import numpy

    start(seed=3)
    first = random.random(), numpy.random.rand()
    start(seed=3)
    assert (random.random(), numpy.random.rand()) == first


def test_start_is_safe_to_call_twice():
    session = start(seed=3)
    assert start() == session
    assert workspace.seed() == 3


def test_a_run_starts_the_workspace_for_a_learner_who_forgot(training, home):
    record = run(training)
    assert record.folder.is_relative_to(home)
    assert record.seed == 0


def test_without_a_setting_the_home_is_in_the_project(tmp_path, monkeypatch):
    monkeypatch.delenv("WORKBENCH_HOME")
    project = tmp_path / "project"
    (project / "notebooks").mkdir(parents=True)
    (project / "pyproject.toml").write_text("")
    monkeypatch.chdir(project / "notebooks")
    assert workspace.home() == project / ".workbench"


def test_a_home_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "file"))
    with pytest.raises(
        PipelineError,
        match="file.*: not a directory; the workbench needs a folder to write to, set WORKB",
    ):
        start()


def test_two_processes_never_share_a_session(home):
    script = "from workbench import start; print(start())"
    started = [
        subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    sessions = [process.communicate(timeout=300)[0] for process in started]
    assert len(set(sessions)) == 6


def test_old_sessions_are_cleared_away(home):
    for _ in range(workspace.KEEP + 3):
        workspace._new_session(home / "lesson")
    assert len(list((home / "lesson").iterdir())) == workspace.KEEP


def test_a_session_that_is_open_is_not_cleared_away(home):
    session = start()
    os.utime(session, (1e9, 1e9))
    for _ in range(workspace.KEEP + 3):
        workspace._new_session(session.parent)
    assert session.is_dir()
    sessions = [path for path in session.parent.iterdir() if path.is_dir()]
    assert len(sessions) == workspace.KEEP + 1


def test_earlier_runs_are_found_with_the_latest_first(training):
    folders = [run(training).folder for _ in range(2)]
    for age, folder in enumerate(reversed(folders)):
        os.utime(folder, (1e9 - age, 1e9 - age))
    assert workspace.earlier_runs("training") == folders[::-1]


def test_importing_the_package_loads_nothing_heavy():
    script = "import sys, workbench; print(sorted({m.partition('.')[0] for m in sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    libraries = {"pandas", "numpy", "sklearn", "IPython", "typer", "graphviz"}
    engines = {package for spec in specs().values() for package in spec.packages} - {"workbench"}
    assert len(engines) > 2
    assert not (libraries | engines) & set(eval(loaded))


def test_a_session_leaves_its_folder_to_the_learner_to_lock():
    folder = os.open(start(), os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(folder)
