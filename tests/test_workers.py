"""Whatever an attempt does in its thread becomes an outcome, and the run goes on."""

import subprocess
import sys

import pytest

from workbench import Pipeline, Run
from workbench.engines.local.engine import LocalEngine
from workbench.engines.protocol import Stopped


def pipeline():
    made = Pipeline("p")
    made.task(lambda: 1, name="first")
    made.task(lambda first: first + 1, name="second")
    return made


class Faulty(LocalEngine):
    """An engine that has a fault of its own in one task."""

    def __init__(self, error):
        super().__init__(pipeline())
        self.error = error

    def execute(self, ticket):
        if ticket.task == "second":
            raise self.error
        return super().execute(ticket)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Stopped(), "stopped"),
        (OSError("no space left"), "could not be finished: OSError: no space left"),
        (KeyError("x"), "could not be finished: KeyError: 'x'"),
        (SystemExit(3), "could not be finished: SystemExit: 3"),
    ],
)
def test_an_engine_that_raises_fails_the_attempt_and_ends_the_run(error, words):
    run = Run(Faulty(error))
    run.run_all()
    assert run.states == {"first": "success", "second": "failed"}
    assert run.record.error("second") == words
    assert run.record.state == "failed"
    run.close()


class EndsPython:
    """A value that cannot be stored, and how."""

    def __reduce__(self):
        raise SystemExit("not to be stored")


def test_a_value_that_ends_python_when_it_is_stored_fails_the_attempt():
    made = Pipeline("p")
    made.task(EndsPython, name="first")
    run = Run(made)
    run.run_all()
    assert run.states == {"first": "failed"}
    assert run.record.error("first") == "could not be finished: SystemExit: not to be stored"
    run.close()


FULL = """
import resource
from workbench import Pipeline, PipelineError, Run, start

start()
everything = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
room = [everything, 0]  # of a file, in bytes, when the task runs first and when it runs again
made = Pipeline("p")
made.task(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room.pop(), everything)), name="first")
run = Run(made)
try:
    run.run_all()
except PipelineError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (everything, everything))
run.close()
again = Run.resume(run.folder, made)
again.retry("first")
again.run_all()
print(again.record.state, len(again.record.attempts("first")))
"""


def test_a_disk_on_which_the_record_has_no_room_ends_the_run_in_a_line(tmp_path):
    command = [sys.executable, "-c", FULL]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    refused, resumed = done.stdout.splitlines()
    assert "File too large; mend that, then Run.resume" in refused
    assert resumed == "success 2"


def test_an_output_that_cannot_be_written_fails_the_attempt():
    run = Run(pipeline())
    (run.folder / "outputs").write_text("a file where the folder should be")
    run.run_all()
    assert run.states == {"first": "failed", "second": "upstream_failed"}
    assert "could not be finished" in run.record.error("first")
    run.close()
