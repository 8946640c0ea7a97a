"""Pytest as a lesson shows it: what failed, and how many did."""

import os
import re
import subprocess
import sys

OPTIONS = ("-q", "--tb=no", "--color=no", "--rootdir=.", "-p", "no:cacheprovider")
QUIET = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "160"}


def pytest(*files: str) -> None:
    """Run the tests in these files in a process of their own; print a line for each that failed,
    and the sum."""
    command = [sys.executable, "-m", "pytest", *OPTIONS, "-c", os.devnull, *files]
    ended = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | QUIET, check=False
    )
    for line in ended.stdout.splitlines():
        if re.match(r"FAILED|ERROR|\d+ (failed|passed)", line):
            print(re.sub(r" in [\d.]+s( \(.*\))?$", "", line))
