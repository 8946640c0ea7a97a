"""Every test has a home and a working folder of its own, and leaves the process as it found it."""

import importlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from workbench import Pipeline, start, workspace

# On a busy machine an example may take any time to draw; that says nothing about the code.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    before = dict(os.environ)
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(workspace, "_session", None)
    monkeypatch.setattr(workspace, "_seed", None)
    yield tmp_path / "home"
    for name in set(os.environ) - set(before):
        del os.environ[name]
    os.environ.update(before)


@pytest.fixture(scope="session")
def pipelines():
    """The pipelines of the Kubeflow tests; kfp is imported only where they are asked for."""
    return importlib.import_module("kubeflow_pipelines")


@pytest.fixture
def airflow_home(home):
    """A session, whose Airflow gets a database of its own."""
    start(seed=7)


@pytest.fixture(scope="module")
def prefect_server(tmp_path_factory):
    """The one server of this process; Prefect's settings are in place before it is imported."""
    before, here = dict(os.environ), Path.cwd()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr(workspace, "_session", None)
        start(seed=1)
        from workbench.engines.prefect.server import server

        yield server()
    os.chdir(here)
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium."""
    with importlib.import_module("lab").chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """The folder in which JupyterLab is started at ``address``; notebooks lie in its ``work``."""
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def address(work):
    with importlib.import_module("lab").server(work) as address:
        yield address


@pytest.fixture
def training():
    """A diamond with a tail: collect → clean → (fit, describe) → report."""
    pipeline = Pipeline("training")

    @pipeline.task
    def collect(rows=4):
        print(f"collecting {rows} rows")
        return list(range(rows))

    @pipeline.task
    def clean(collect):
        return [row for row in collect if row]

    @pipeline.task
    def fit(clean):
        return sum(clean)

    @pipeline.task
    def describe(clean):
        return {"rows": len(clean)}

    @pipeline.task
    def report(fit, describe):
        return f"{fit} from {describe['rows']}"

    return pipeline
