"""The notebook that serves MLflow and S3: its servers are its own, and gone with it."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import nbformat
import psutil
import pytest

NOTEBOOK = Path(__file__).parent.parent / "notebooks" / "outlook-model-management.ipynb"
SEEDS = ("1", "7")


def said(path):
    """What its cells give as text, but for those that are not compared."""
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    left_out = {"parameters", "injected-parameters", "nbval-ignore-output"}
    compared = [cell for cell in cells if not left_out & set(cell.metadata.get("tags", ()))]
    data = [(cell.source, output.get("data", {})) for cell in compared for output in cell.outputs]
    return [(source, one["text/plain"]) for source, one in data if "text/plain" in one]


def marked(mark):
    """The processes that were started, however far down, with this in their environment."""
    for process in psutil.process_iter():
        try:
            if process.environ().get("READ_BY") == mark:
                yield process
        except (psutil.AccessDenied, psutil.NoSuchProcess):
            continue


@pytest.mark.long
def test_two_at_once_do_not_meet_and_leave_no_process(tmp_path):
    """Nine points stay nine, ten runs ten, and the job in the store is free for each."""
    mark = secrets.token_hex()
    environment = os.environ | {"WORKBENCH_HOME": str(tmp_path / "home"), "READ_BY": mark}
    command = [sys.executable, "-m", "workbench", "run", NOTEBOOK]
    readers = [
        subprocess.Popen(
            [*command, "--seed", seed, "--out", tmp_path / seed],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in SEEDS
    ]
    told = [reader.communicate()[0] for reader in readers]
    assert [reader.returncode for reader in readers] == [0, 0], told
    _, alive = psutil.wait_procs(list(marked(mark)), timeout=60)
    assert not alive
    for seed in SEEDS:
        assert said(tmp_path / seed / NOTEBOOK.name) == said(NOTEBOOK)
