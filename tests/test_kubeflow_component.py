"""A component's process: its errors, its end, and what is done to it."""

import subprocess
import threading
import time

import pytest
from kubeflow_files import alone, compiled
from kubeflow_table import BLOCKED, FAIL, OK

from workbench import PipelineError, Run, run


def test_the_traceback_begins_in_the_component(pipelines):
    running = Run(pipelines.failing)
    running.run_all()
    log = running.log("fail")
    running.close()
    assert log.startswith("Traceback")
    assert "in fail\n    raise ValueError(text)\nValueError: on purpose" in log
    assert "workbench" not in log.replace(str(running.folder), "")


@pytest.mark.parametrize(
    ("how", "state", "error"),
    [
        ("raise", FAIL, "InjectedFailure: injected into 'double'"),
        ("kill", FAIL, "killed by SIGKILL"),
        ("corrupt output", OK, None),
    ],
)
def test_failures_can_be_injected(pipelines, how, state, error):
    running = Run(pipelines.chain)
    running.inject("double", how)
    running.run_all()
    assert running.states["double"] == state
    assert running.record.error("double") == error
    running.retry("double")
    running.run_all()
    assert running.states == {"double": OK, "double-2": OK}
    running.close()


def test_a_corrupted_file_is_half_as_long(pipelines):
    running = Run(pipelines.files, text="12345678")
    running.inject("write", "corrupt output")
    running.run_all()
    assert running.outputs["read"] == "1234"
    running.close()


@pytest.mark.parametrize("injection", [None, "hang"])
def test_stop_ends_a_component_at_once(pipelines, injection):
    running = Run(pipelines.sleep)
    if injection:
        running.inject("sleep", injection)
    thread = threading.Thread(target=running.run_all)
    thread.start()
    while running.states["sleep"] != "running" or not (
        injection or "asleep" in running.log("sleep")
    ):
        time.sleep(0.05)
    running.stop()
    thread.join(150)
    assert not thread.is_alive()
    assert running.states["sleep"] == FAIL
    assert not subprocess.run(
        ["pgrep", "-f", str(running.folder)], capture_output=True, check=False
    ).stdout
    running.close()


BAD_RUNS = {
    "no output": (
        "nothing",
        "the component ended well but wrote no output Output (str): return it",
    ),
    "no file": (
        "unwritten",
        "the component ended well but wrote no output data (Dataset): write to data.path",
    ),
    "killed": ("die", "killed by SIGKILL"),
}


@pytest.mark.parametrize("row", BAD_RUNS.values(), ids=BAD_RUNS)
def test_what_a_component_does_wrong_is_said_in_one_line(row, pipelines):
    name, message = row
    record = run(getattr(pipelines, name))
    assert record.state == "failed"
    assert record.error(name).startswith(message)
    assert "\n" not in record.error(name)


def test_a_root_that_cannot_be_written_is_named(pipelines, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PipelineError, match="a run needs a folder it can write to"):
        Run(pipelines.chain, folder=tmp_path / "file" / "run")


def test_a_root_that_becomes_unwritable_fails_the_task_only(pipelines):
    running = Run(pipelines.chain)
    (running.folder / "artifacts").write_text("in the way")
    running.run_all()
    running.close()
    assert running.states == {"double": FAIL, "double-2": BLOCKED}
    assert "Not a directory" in running.record.error("double")


def test_a_full_disk_fails_the_task_and_not_the_run(pipelines, tmp_path):
    """A limit on a file's size, set in another process, fails a write as a full disk does."""
    path = compiled(pipelines.fill, tmp_path / "fill.yaml")
    script = f"""
import resource
from workbench import run
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
record = run({str(path)!r}, size=200_000)
print(record.states(), record.error("fill"))
"""
    done = alone(script)
    assert done == "{'fill': 'failed'} OSError: [Errno 27] File too large\n"
