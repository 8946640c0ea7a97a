"""Under nbval each notebook has a workbench home of its own, as under `workbench run`.

What is costly is made once for all of them.
"""

import os
from pathlib import Path

import pytest

from workbench import workspace


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    if item.path.suffix == ".ipynb":  # before its kernel starts, which inherits this
        home = Path(os.environ.setdefault("NOTEBOOKS_HOME", str(workspace.home())))
        os.environ |= {
            "WORKBENCH_HOME": str(home / item.path.stem),
            "WORKBENCH_TEMPLATES": str(home / "templates"),
        }
