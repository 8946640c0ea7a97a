"""What stands in for a task: told before the run, in its picture and its record."""

from html import unescape

import pytest

from workbench import Pipeline, PipelineError, Record, Run, draw, run


def two(pipeline):
    @pipeline.task(retries=1, timeout=0.5)
    def fetch(rows=3):
        raise ConnectionError("no warehouse here")

    @pipeline.task
    def count(fetch):
        return len(fetch)

    return pipeline


def test_a_value_takes_the_place_of_a_task_and_is_marked():
    record = run(two(Pipeline("p")), stand_in={"fetch": [1, 2]})
    assert record.outputs["count"] == 2
    assert record.graph.notes["fetch"]["stand-in"] == "[1, 2]"
    assert "fetch: success (stand-in)" in repr(draw(record))
    assert "fetch (stand-in)" in unescape(draw(record).svg)
    again = Record.load(record.folder)
    assert again.first_graph.notes["fetch"]["stand-in"] == "[1, 2]"


def test_a_function_receives_what_it_names():
    record = run(two(Pipeline("p")), rows=4, stand_in={"fetch": lambda rows: list(range(rows))})
    assert record.outputs["count"] == 4
    assert record.graph.notes["fetch"]["stand-in"] == "a function of its inputs"
    record = run(two(Pipeline("p")), stand_in={"fetch": lambda: "ab"})
    assert record.outputs["count"] == 2


def test_a_stand_in_that_fails_is_a_task_that_fails():
    record = run(two(Pipeline("p")), stand_in={"fetch": lambda: 1 / 0})
    assert record.error("fetch") == "ZeroDivisionError: division by zero"
    assert len(record.attempts("fetch")) == 2


@pytest.mark.parametrize(
    ("stand_in", "words"),
    [
        ({"fetsh": 1}, "'fetsh' is not a task of this graph (tasks: fetch, count)"),
        ({"fetch": (n for n in "ab")}, "cannot be stored"),
    ],
)
def test_what_cannot_stand_in_is_refused(stand_in, words):
    with pytest.raises(PipelineError) as refusal:
        Run(two(Pipeline("p")), stand_in=stand_in)
    assert words in str(refusal.value)


def test_a_process_of_its_own_is_killed_with_what_stands_in():
    execution = Run(two(Pipeline("p")), stand_in={"fetch": [1]})
    execution.inject("fetch", "kill")
    execution.step()
    assert execution.record.error("fetch") == "TaskFailed: killed by SIGKILL"
    execution.close()


def test_files_of_a_kubeflow_component(pipelines, tmp_path):
    record = run(pipelines.files, stand_in={"write": "given rows"})
    assert record.outputs["write"].path.read_text() == "given rows"
    assert record.outputs["read"] == "given rows"
    earlier = record.outputs["write"]
    record = run(pipelines.files, stand_in={"write": earlier})
    assert record.outputs["read"] == "given rows"


def test_a_volume_of_a_cluster_is_not_asked_for_where_something_stands_in():
    from kfp import dsl, kubernetes

    @dsl.component
    def load() -> int:
        return 1

    @dsl.component
    def double(value: int) -> int:
        return 2 * value

    @dsl.pipeline
    def mounted() -> int:
        loaded = load()
        kubernetes.mount_pvc(loaded, pvc_name="data", mount_path="/no/such/volume")
        return double(value=loaded.output).output

    with pytest.raises(PipelineError, match="task 'load' mounts a cluster's volume.*stand_in"):
        run(mounted)
    assert run(mounted, stand_in={"load": 21}).outputs["double"] == 42


@pytest.mark.slow
@pytest.mark.usefixtures("airflow_home")
def test_a_branch_of_airflow_chooses_by_what_stands_in():
    from airflow.sdk import DAG, task

    with DAG("chosen", schedule=None) as dag:

        @task.branch
        def choose():
            raise ConnectionError("no warehouse here")

        @task
        def one():
            return 1

        @task
        def other():
            return 2

        choose() >> [one(), other()]
    record = run(dag, stand_in={"choose": "other"})
    assert record.states() == {"choose": "success", "one": "skipped", "other": "success"}


def test_what_stands_in_is_given_and_taken_away_between_two_attempts():
    earlier = run(two(Pipeline("given later")), stand_in={"fetch": [1, 2, 3]})
    execution = Run(two(Pipeline("given later")))
    kept = execution.last_output("fetch")
    assert (kept.value, kept.summary) == ([1, 2, 3], "[1, 2, 3]")
    assert kept.origin == f"of {earlier.folder.name}"
    execution.run_all()
    assert execution.states["fetch"] == "failed"
    execution.stand_in("fetch", kept.value)
    execution.retry("fetch")
    execution.run_all()
    assert execution.outputs["count"] == 3
    assert execution.record.graph.notes["fetch"]["stand-in"] == "[1, 2, 3]"
    execution.stand_in("fetch")
    assert "stand-in" not in execution.record.graph.notes["fetch"]
    execution.retry("fetch")
    execution.run_all()
    assert execution.states["fetch"] == "failed"
    execution.close()
    again = Run.resume(execution.folder, two(Pipeline("given later")))
    assert again.last_output("fetch").origin == "of this run"
    again.close()
