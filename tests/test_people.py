"""People in the loop: a task asks, the run goes on without it, and an answer lets it go on."""

import pytest

from workbench import Pipeline, PipelineError, Record, Run, run, things_in, why

DEPLOY = """
from airflow.providers.standard.operators.hitl import (
    ApprovalOperator, HITLBranchOperator, HITLEntryOperator, HITLOperator,
)
from airflow.sdk import DAG, Param, task

with DAG("deploy", schedule=None):

    @task
    def train():
        return 0.9

    @task
    def ship():
        return "shipped"

    @task
    def aside():
        return "beside"

    approve = ApprovalOperator(task_id="approve", subject="Ship {{ ti.xcom_pull('train') }}?")
    aside()
    train() >> approve >> ship()

with DAG("asked", schedule=None):
    rows = HITLEntryOperator(
        task_id="rows", subject="How many?", params={"rows": Param(5, type="integer", minimum=1)}
    )
    way = HITLBranchOperator(task_id="way", subject="Which?", options=["left", "right"])

    @task
    def left(): return 1

    @task
    def right(ti): return ti.xcom_pull("rows")["params_input"]["rows"]

    rows >> way >> [left(), right()]
"""


@pytest.fixture
def dags(tmp_path, airflow_home):
    (tmp_path / "asking.py").write_text(DEPLOY)
    return things_in(tmp_path / "asking.py")


@pytest.mark.slow
def test_an_approval_of_airflow_waits_and_is_given(dags):
    execution = Run(dags["deploy"])
    assert execution.questions == {}
    execution.run_all()
    assert execution.states == {
        **{"train": "success", "aside": "success"},
        **{"approve": "retrying", "ship": "pending"},
    }
    question = execution.questions["approve"]
    assert (question["subject"], question["options"]) == ("Ship 0.9?", ["Approve", "Reject"])
    assert execution.words("approve") == "awaiting_input"
    assert execution.ready() == []
    assert "waits for a person's answer" in why(execution.record, "approve")
    with pytest.raises(PipelineError, match="it waits for a person's answer"):
        execution.step("approve")
    with pytest.raises(PipelineError, match="choose one of Approve, Reject"):
        execution.answer("approve", "Perhaps")
    with pytest.raises(PipelineError, match="'train' waits for no answer.*: approve"):
        execution.answer("train", "Approve")
    execution.answer("approve", "Approve")
    assert execution.ready() == ["approve"]
    execution.run_all()
    assert execution.record.state == "success"
    assert execution.outputs["ship"] == "shipped"
    assert execution.outputs["approve"]["chosen_options"] == ["Approve"]
    assert execution.record.graph.notes["approve"]["answered"] == "'Approve'"
    starts = [attempt.start for attempt in execution.record.attempts("approve")]
    assert starts == sorted(starts)
    execution.retry("approve")
    execution.run_all()
    execution.answer("approve", "Reject")
    execution.run_all()
    assert execution.states["ship"] == "skipped"
    execution.close()


@pytest.mark.slow
def test_fields_and_branches_of_airflow_are_answered(dags):
    execution = Run(dags["asked"])
    execution.run_all()
    assert execution.questions["rows"]["fields"] == {"rows": 5}
    with pytest.raises(PipelineError, match="rows=0.*minimum"):
        execution.answer("rows", {"rows": 0})
    with pytest.raises(PipelineError, match="asks for no 'lines'"):
        execution.answer("rows", {"lines": 3})
    execution.answer("rows", {"rows": 8})
    execution.run_all()
    fork = execution.fork()
    fork.run_all()
    assert list(fork.questions) == ["way"]  # a question is asked anew in another run
    for one in (execution, fork):
        one.answer("way", "right")
        one.run_all()
        assert (one.states["left"], one.outputs["right"]) == ("skipped", 8)
        one.close()


@pytest.mark.slow
def test_a_run_without_a_screen_ends_and_says_whom_it_waits_for(dags):
    record = run(dags["deploy"])
    assert record.state == "failed"
    assert record.last(None, "failed").detail == "waits for a person's answer: approve"
    assert Record.load(record.folder).state == "failed"
    again = Run.resume(record.folder, dags["deploy"])
    again.run_all()
    assert list(again.questions) == ["approve"]
    again.answer("approve", "Approve")
    again.run_all()
    assert again.record.state == "success"
    assert len(again.record.attempts("train")) == 1
    again.close()


@pytest.mark.slow
@pytest.mark.usefixtures("prefect_server")
def test_a_pause_of_prefect_waits_for_its_input():
    from prefect import flow, pause_flow_run, task
    from prefect.input import RunInput

    class Limits(RunInput):
        rows: int = 5
        name: str

    @task
    def count(rows):
        return rows * 2

    @flow
    def asking():
        limits = pause_flow_run(wait_for_input=Limits)
        share = pause_flow_run(wait_for_input=float, key="share")
        pause_flow_run()
        return count(limits.rows), limits.name, share

    execution = Run(asking)
    execution.run_all()
    assert execution.states["pause[0]"] == "retrying"
    assert execution.questions["pause[0]"]["fields"] == {"rows": 5, "name": None}
    with pytest.raises(PipelineError, match="name.*required"):
        execution.answer("pause[0]", {"rows": 3})
    execution.answer("pause[0]", {"rows": 2000, "name": "ada"})
    execution.run_all()
    execution.answer("share[0]", 0.5)
    execution.run_all()
    execution.answer("pause[1]")
    execution.run_all()
    assert execution.record.state == "success"
    assert execution.engine.returned() == (4000, "ada", 0.5)
    execution.retry("count[0]")  # performed again: what was answered is not asked again
    execution.run_all()
    assert execution.record.state == "success"
    assert len(execution.record.attempts("count[0]")) == 2
    execution.close()


@pytest.mark.slow
@pytest.mark.usefixtures("prefect_server")
def test_a_pause_of_a_coroutine_waits_too():
    from prefect import flow
    from prefect.flow_runs import apause_flow_run

    @flow
    async def asking():
        return await apause_flow_run(wait_for_input=int, poll_interval=1)

    execution = Run(asking)
    execution.run_all()
    execution.answer("pause[0]", 7)
    execution.run_all()
    assert execution.engine.returned() == 7
    assert execution.outputs["pause[0]"] == {"value": 7}
    execution.close()


def test_where_no_task_asks_an_answer_is_refused_in_a_line(pipelines):
    pipeline = Pipeline("p")

    @pipeline.task
    def one():
        return 1

    for thing, task, engine in ((pipeline, "one", "local"), (pipelines.files, "write", "kubeflow")):
        execution = Run(thing)
        with pytest.raises(PipelineError) as refusal:
            execution.answer(task, 3)
        assert f"ask a person: none, ever, on {engine}" in str(refusal.value)
        execution.close()
