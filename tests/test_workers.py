"""Whatever an attempt does in its thread becomes an outcome, and the run goes on."""

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
    ],
)
def test_an_engine_that_raises_fails_the_attempt_and_ends_the_run(error, words):
    run = Run(Faulty(error))
    run.run_all()
    assert run.states == {"first": "success", "second": "failed"}
    assert run.record.error("second") == words
    assert run.record.state == "failed"
    run.close()


def test_an_output_that_cannot_be_written_fails_the_attempt():
    run = Run(pipeline())
    (run.folder / "outputs").write_text("a file where the folder should be")
    run.run_all()
    assert run.states == {"first": "failed", "second": "upstream_failed"}
    assert "could not be finished" in run.record.error("first")
    run.close()
