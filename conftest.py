"""What is costly, such as an engine's empty database, is made once for all tests and notebooks.

Under nbval each notebook has a workbench home of its own, as under `workbench run`.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from workbench import workspace


def pytest_configure(config):
    if "WORKBENCH_TEMPLATES" not in os.environ:  # pytest-xdist's workers inherit it
        folder = tempfile.mkdtemp(prefix="templates-")
        os.environ["WORKBENCH_TEMPLATES"] = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


# Compared in `make test`; the others run engines, for minutes, and are compared in `make test-all`.
QUICK = {"0-start-here", "3.1-pipeline-design", "problem_1", "problem_3", "problem_5"}


@pytest.hookimpl(tryfirst=True)  # before those that are slow are left out
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.suffix == ".ipynb" and item.path.stem not in QUICK:
            item.add_marker("slow")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    if item.path.suffix == ".ipynb":  # before its kernel starts, which inherits this
        home = Path(os.environ.setdefault("NOTEBOOKS_HOME", str(workspace.home())))
        os.environ["WORKBENCH_HOME"] = str(home / item.path.stem)
