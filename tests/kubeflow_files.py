"""Pipelines as compiled files, and processes that see nothing but those."""

import os
import subprocess
import sys
from pathlib import Path


def compiled(pipeline, path):
    from kfp import compiler

    compiler.Compiler().compile(pipeline, str(path))
    return path


def alone(script, *arguments):
    """What a script prints in a fresh process."""
    source = Path(sys.modules["workbench"].__file__).parents[1]
    command = [sys.executable, "-c", script, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
