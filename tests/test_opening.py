"""How a run begins: anew in a folder of its own, as a fork, or where a crash has left it."""

import threading

import pytest
from flaky import ALL, flaky, kinds

from workbench import Graph, Pipeline, PipelineError, Record, Run, run
from workbench.engines.protocol import Scheduled

STORED = {"file": None, "type": "int", "summary": "1", "digest": None, "problem": "too large"}


def make_lock():
    return threading.Lock()


def test_a_fork_replaces_outputs_and_runs_only_what_follows(training):
    execution = Run(training)
    execution.run_all()
    fork = execution.fork({"fit": 100})
    assert fork.folder != execution.folder
    assert fork.states == {**dict.fromkeys(ALL, "success"), "report": "pending"}
    fork.run_all()
    assert (fork.outputs["report"], execution.outputs["report"]) == ("100 from 3", "6 from 3")
    assert len(fork.record.attempts("fit")) == 1


def test_a_fork_begins_at_the_cursor(training):
    execution = Run(training)
    execution.run_all()
    execution.back(execution.record.last("collect", "succeeded").seq)
    fork = execution.fork()
    assert [task for task, state in fork.states.items() if state == "success"] == ["collect"]
    assert set(execution.record.states().values()) == {"success"}


def test_a_fork_runs_the_descendants_of_a_replaced_task_again_in_between_too(training):
    execution = Run(training)
    execution.run_all()
    fork = execution.fork({"collect": [7], "fit": 1})
    fork.run_all()
    assert fork.outputs["report"] == "1 from 1"


class Lending(Scheduled):
    """Remembers how it was bound."""

    name = title = "lending"
    graph = Graph.of(["load", "fit"], [("load", "fit")])
    bound = None

    def bind(self, parameters):
        self.bound = parameters, self.stood_in
        return parameters


def test_a_fork_is_bound_as_its_run_was_and_knows_what_stands_in():
    engine = Lending()
    execution = Run(engine, stand_in={"load": 1}, rows=6)
    bound, engine.bound, engine.stood_in = engine.bound, None, frozenset()
    execution.fork().close()
    assert engine.bound == bound == ({"rows": 6}, {"load"})


def test_resume_keeps_what_is_finished_and_goes_on_with_what_was_interrupted(training, tmp_path):
    execution = Run(training, tmp_path / "r", rows=6)
    execution.run_to("clean")
    execution.record.append("started", "fit", 9.0, 1)
    execution.record.detach()
    again = Run.resume(tmp_path / "r", training)
    assert again.states == {
        **dict.fromkeys(ALL, "pending"),
        "collect": "success",
        "clean": "success",
    }
    assert kinds(again.record, "fit")[-2:] == ["failed", "cleared"]
    assert again.record.last("fit", "failed").detail == "interrupted"
    again.run_all()
    assert [attempt.state for attempt in again.record.attempts("fit")] == ["failed", "success"]
    assert again.outputs["report"] == "15 from 5", "run parameters come back as well"
    assert len(again.record.attempts("collect")) == 1


@pytest.mark.parametrize(
    ("events", "attempts"),
    [
        ([("queued", 1)], ["success"]),
        ([("queued", 1), ("started", 1)], ["failed", "success"]),
        # a resume that was killed itself, half-way
        ([("queued", 1), ("started", 1), ("failed", 1, "interrupted")], ["failed", "success"]),
        ([("queued", 1), ("started", 1), ("output", 1, STORED)], ["failed", "success"]),
    ],
)
def test_wherever_a_crash_was_in_an_attempt_the_run_goes_on(training, tmp_path, events, attempts):
    execution = Run(training, tmp_path / "r")
    execution.run_to("clean")
    for kind, *more in events:
        execution.record.append(kind, "fit", 9.0, *more)
    execution.record.detach()
    again = Run.resume(tmp_path / "r", training)
    again.run_all()
    assert [attempt.state for attempt in again.record.attempts("fit")] == attempts
    assert [attempt.number for attempt in again.record.attempts("fit")] == [
        number for number, _ in enumerate(attempts, 1)
    ]
    assert set(again.states.values()) == {"success"}


def test_resume_refuses_a_graph_that_changed_and_names_the_change(training, tmp_path):
    Run(training, tmp_path / "r").close()
    training.task(lambda fit: 0, name="extra")
    with pytest.raises(
        PipelineError, match="the graph has changed since .new task extra; new edge fit → extra."
    ):
        Run.resume(tmp_path / "r", training)


def test_a_folder_that_has_a_run_is_not_overwritten(training, tmp_path):
    Run(training, tmp_path / "r").close()
    with pytest.raises(
        PipelineError, match=r"there is a run in this folder already; go on with it by Run\.resume"
    ):
        Run(training, tmp_path / "r")


def test_a_folder_that_cannot_be_written_is_named(training, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(
        PipelineError, match="file/r: not a directory; a run needs a folder it can write to"
    ):
        Run(training, tmp_path / "file" / "r")


@pytest.mark.parametrize("options", [{"jobs": 0}, {"jobs": "2"}, {"delays": "none"}])
def test_options_that_mean_nothing_are_refused(training, options):
    with pytest.raises(PipelineError, match="|".join(options)):
        Run(training, **options)


def test_run_does_not_raise_for_failed_tasks_and_frees_the_folder():
    record = run(flaky(9))
    assert record.state == "failed"
    assert Record.load(record.folder).events == record.events
    assert record.outputs["aside"] == "aside"


def test_an_unstorable_output_is_passed_on_named_and_made_again_after_a_crash(tmp_path):
    pipeline = Pipeline("p")
    pipeline.task(make_lock, name="lock")
    pipeline.task(lambda lock: type(lock).__name__, name="use")
    execution = Run(pipeline, tmp_path / "r")
    execution.run_to("use")
    assert execution.outputs["use"] == "lock"
    assert "a lock cannot be stored" in execution.record.last("lock", "output").detail["problem"]
    execution.close()
    again = Run.resume(tmp_path / "r", pipeline)
    assert again.states == {"lock": "pending", "use": "success"}
    again.run_all()
    assert again.record.state == "success"
