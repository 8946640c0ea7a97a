"""A whole pipeline proved: each task tried with the inputs and the files that it has in a run."""

from xml.etree import ElementTree as xml

import pytest
from test_cli import workbench

from workbench import Pipeline, PipelineError, Run, prove, things_in

TASKS = """
import os
from pathlib import Path

def replace(name, text):
    part = Path(f"{name}.{os.getpid()}")
    part.write_text(text)
    os.replace(part, name)

def extract(rows=2):
    return list(range(rows))

def load(extract):
    with open("table.csv", "a") as table:
        table.write("".join(f"{row}\\n" for row in extract))

def publish(load):
    replace("report.txt", Path("table.csv").read_text())
"""
PLAIN = (
    "from workbench import Pipeline\n"
    + TASKS
    + """
p = Pipeline("p")
for function in (extract, load, publish):
    p.task(function)
"""
)
DAGS = (
    TASKS
    + """
from airflow.sdk import DAG, task
from airflow.providers.standard.operators.python import PythonOperator

with DAG("nightly", schedule=None) as dag:
    @task
    def numbers():
        return [2, 3]

    @task
    def squared(n, ds=None):
        replace(f"{n}.txt", f"{n * n} {ds}")
        return n * n

    @task
    def total(values):
        with open("total.txt", "a") as file:
            file.write(str(sum(values)))
    total(squared.expand(n=numbers()))

    PythonOperator(task_id="away", python_callable=lambda: open(AWAY, "w").write("x"))
"""
)
FLOW = (
    TASKS
    + """
from prefect import flow, task

@flow
def f(rows: int = 2):
    extracted = task(extract)(rows)
    task(publish)(task(load)(extracted))
"""
)
MARKS = {  # a text that is short is written by one call: killed there, the file is empty
    "extract": ("✓", "✓", "✓"),
    "load": ("✗", "✗", "✗"),
    "publish": ("✓", "✓"),
}


def killed_litter(marks):
    """`publish` leaves its half-written copy behind, as the killed process had another name."""
    return {task: row[: len(MARKS[task])] for task, row in marks.items()}


def marks(proofs):
    return {row.task.partition("[")[0]: row.marks for row in proofs.rows if row.proof}


def test_each_task_is_tried_with_what_it_finds_in_a_run(tmp_path):
    (tmp_path / "p.py").write_text(PLAIN)
    pipeline = things_in("p.py")["p"]
    proofs = prove(pipeline)
    assert killed_litter(marks(proofs)) == MARKS
    assert not proofs.good
    assert "twice: table.csv: 4 lines, not 2 lines" in proofs["load"].words
    assert "report.txt" in proofs["publish"].proof.trials[0].left
    assert repr(proofs).startswith("p: 1 of 3 tasks held\n  task")
    assert "<caption>p: 1 of 3 tasks held</caption>" in proofs._repr_mimebundle_()["text/html"]
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix) == ["p.py"]


def test_one_task_has_the_proof_that_a_function_has(tmp_path):
    (tmp_path / "p.py").write_text(PLAIN)
    pipeline = things_in("p.py")["p"]
    proof = prove(pipeline, "load")
    assert (proof.task, proof.good) == ("load", False)
    assert prove(pipeline, "extract").good
    with pytest.raises(PipelineError, match="'lod' is not a task"):
        prove(pipeline, "lod")


def test_the_inputs_may_be_those_of_an_earlier_run_and_its_folder_stays_as_it_is(tmp_path):
    (tmp_path / "p.py").write_text(PLAIN)
    pipeline = things_in("p.py")["p"]
    run = Run(pipeline, tmp_path / "run", rows=5)
    run.run_to("load")
    run.close()
    before = (tmp_path / "run/record.jsonl").read_bytes()
    proofs = prove(pipeline, record=tmp_path / "run")
    assert "table.csv (5 lines)" in proofs["load"].proof.trials[0].left
    assert (proofs["publish"].held, proofs["publish"].words) == (None, "pending in the run")
    assert (tmp_path / "run/record.jsonl").read_bytes() == before
    with pytest.raises(PipelineError, match="no run here"):
        prove(pipeline, record=tmp_path)


def test_what_stands_in_is_not_tried_and_what_follows_is(tmp_path):
    (tmp_path / "p.py").write_text(PLAIN)
    pipeline = things_in("p.py")["p"]
    proofs = prove(pipeline, stand_in={"extract": [7]})
    assert proofs["extract"].reason == "a value stands in for it"
    assert "twice: table.csv: 2 lines, not 1 line" in proofs["load"].words
    with pytest.raises(PipelineError, match="'extract' cannot be proved: a value stands in for it"):
        prove(pipeline, "extract", stand_in={"extract": [7]})


def test_what_fails_in_the_run_is_not_held(tmp_path):
    pipeline = Pipeline("p")

    @pipeline.task
    def broken():
        raise ValueError("on purpose")

    @pipeline.task
    def after(broken): ...

    proofs = prove(pipeline)
    assert [row.held for row in proofs.rows] == [False, False]
    assert proofs["broken"].words == "failed in the run: ValueError: on purpose"
    with pytest.raises(PipelineError, match="'broken' cannot be proved: failed in the run"):
        prove(pipeline, "broken")


def test_what_is_written_elsewhere_is_told_and_not_called_held(tmp_path):
    pipeline, target = Pipeline("p"), str(tmp_path / "elsewhere.txt")

    @pipeline.task
    def away():
        import tempfile

        with tempfile.TemporaryDirectory() as scratch, open(f"{scratch}/x", "w") as file:
            file.write("x")  # gone again: nobody's concern
        with open(target, "a") as file:
            file.write("x")

    row = prove(pipeline)["away"]
    assert (row.held, f"writes {target}, outside of its working folder" in row.words) == (
        False,
        True,
    )


@pytest.mark.slow
def test_the_tasks_of_a_dag_are_tried_without_a_database(tmp_path):
    (tmp_path / "dag.py").write_text(f"AWAY = {str(tmp_path / 'x.txt')!r}\n" + DAGS)
    nightly = things_in("dag.py")["nightly"]
    proofs = prove(nightly)
    told = {row.task: row.held for row in proofs.rows}
    assert told == {
        "numbers": True,
        "squared[0]": False,
        "squared[1]": False,
        "total": False,
        "away": False,
    }
    assert [mark for task in ("squared[0]", "squared[1]") for mark in proofs[task].marks[:2]] == [
        "✓"
    ] * 4
    assert proofs["total"].marks[:2] == ("✗", "✗")
    assert f"writes {tmp_path / 'x.txt'}" in proofs["away"].words
    mapped = prove(nightly, "squared")
    assert [row.task for row in mapped.rows] == ["squared[0]", "squared[1]"]


@pytest.mark.slow
def test_the_tasks_of_a_flow_are_tried_outside_of_it(tmp_path):
    (tmp_path / "f.py").write_text(FLOW)
    assert killed_litter(marks(prove(things_in("f.py")["f"]))) == MARKS


@pytest.mark.slow
def test_the_components_of_a_pipeline_are_tried_by_what_they_give(tmp_path, pipelines):
    from kfp import dsl
    from kubeflow_components import component

    @component
    def same() -> int:
        return 3

    @component
    def other(n: int) -> float:
        import random

        return random.random()

    @dsl.pipeline(name="k")
    def k():
        other(n=same().output)

    proofs = prove(k)
    assert {row.task: row.marks[0] for row in proofs.rows} == {"same": "✓", "other": "✗"}
    assert proofs["same"].held


@pytest.mark.slow
def test_the_command_says_what_held_in_words_xml_and_exit_code(tmp_path):
    (tmp_path / "p.py").write_text(PLAIN)
    (tmp_path / "good.py").write_text(PLAIN.replace("(extract, load, publish)", "(extract,)"))
    done = workbench("prove", "p.py", "--set", "rows=3", "--junit", "out.xml", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "p: 1 of 3 tasks held" in done.stdout
    suite = xml.parse(tmp_path / "out.xml").getroot()
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert (suite.get("name"), failed) == ("p", ["load", "publish"])
    assert "6 lines, not 3 lines" in suite[1].find("failure").get("message")
    assert workbench("prove", "good.py", cwd=tmp_path).returncode == 0
    refused = workbench("prove", "p.py", "--task", "lod", cwd=tmp_path)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)


HELLO = """
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: hello-}
spec: {entrypoint: main, templates: [{name: main, container: {image: alpine, command: [echo]}}]}
"""
STATES = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'
JOB = "from dagster import job, op\n\n@op\ndef a(): ...\n\n@job\ndef j(): a()\n"


@pytest.mark.parametrize(
    ("name", "text"), [("hello.yaml", HELLO), ("machine.asl.json", STATES), ("jobs.py", JOB)]
)
def test_what_calls_no_task_alone_is_refused_before_it_runs(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    [thing] = things_in(tmp_path / name).values()
    words = r"^'\w+' cannot be proved: \w+ calls its tasks .* prove the function that a task calls"
    for arguments in ((), ("a",)):
        with pytest.raises(PipelineError, match=words):
            prove(thing, *arguments)
