"""Components of kfp's own test pipelines: what only a cluster can run is refused before the run."""

from functools import partial

import pytest
from kfp import dsl
from kfp.dsl import Artifact, Dataset, Input, Output
from test_cases_kubeflow import compiled

from workbench import PipelineError, Run, graph_of, run
from workbench.engines.kubeflow.host import OnHost

component = partial(dsl.component, base_image="python:3.11")  # silences a notice of kfp


def refused(pipeline, words, **parameters):
    """It is drawn, and refused with one line that has these words, before anything has run."""
    assert graph_of(pipeline).tasks
    with pytest.raises(PipelineError) as error:
        Run(pipeline, **parameters)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


@component
def told(status: dsl.PipelineTaskFinalStatus) -> list:
    return [status.state, status.pipeline_task_name, status.pipeline_job_resource_name]


@component
def ends(well: bool):
    assert well


@dsl.pipeline(name="guarded")
def guarded(well: bool):
    with dsl.ExitHandler(told(), name="work"):
        ends(well=well)


@pytest.mark.parametrize(("well", "state"), [(True, "COMPLETE"), (False, "FAILED")])
def test_an_exit_task_is_told_how_it_ended_in_a_clusters_words(well, state):
    record = run(guarded, well=well)
    told_state, task, job = record.outputs["told"]
    assert (told_state, task) == (state, "work")
    assert job.startswith("guarded")


def test_a_final_status_that_no_exit_handler_gives_is_refused():
    refused(told, "task 'told' takes a final status (status), which only the exit task of")
    assert Run(told, status={"state": "FAILED", "pipelineTaskName": "t"}).graph.tasks == ("told",)


@component
def says(status: dict) -> str:
    return status["state"]


@dsl.pipeline(name="ending")
def ending(status: dsl.PipelineTaskFinalStatus):
    says(status=status)


def test_a_pipeline_that_is_to_be_told_how_it_ended_is_refused_where_nobody_tells_it():
    refused(ending, "pipeline 'ending' takes a final status (status), which only the exit task of")
    told_so = run(ending, status={"state": "FAILED", "pipelineTaskName": "t"})
    assert told_so.outputs["says"] == "FAILED"


@component
def learns():
    import nothing_of_the_kind  # noqa: F401


@component
def may_learn() -> int:
    try:
        import nothing_of_the_kind  # noqa: F401
    except ImportError:
        return 0


def test_what_an_image_would_have_for_an_import_is_missed_before_the_run():
    refused(learns, "task 'learns' imports nothing_of_the_kind, which is not installed here; or")
    assert run(may_learn).outputs["may-learn"] == 0


@component
def read(data: Input[Dataset]) -> str:
    return open(data.path).read()


@dsl.pipeline(name="modelcar")
def modelcar(uri: str = "oci://registry.example/model:1"):
    read(data=dsl.importer(artifact_uri=uri, artifact_class=Dataset).output)


@dsl.pipeline(name="outer")
def outer():
    modelcar(uri="oci://registry.example/other:2")


def test_an_image_that_is_imported_is_refused_and_may_be_a_folder_or_stood_in(tmp_path):
    refused(modelcar, "task 'importer' imports an image (oci://registry.example/model:1), which")
    refused(outer, "task 'modelcar/importer' imports an image (oci://registry.example/other:2)")
    (tmp_path / "rows").write_text("a,b")
    assert run(modelcar, uri=str(tmp_path / "rows")).outputs["read"] == "a,b"
    standing = Run(modelcar, stand_in={"importer": "c,d"})
    standing.run_all()
    standing.close()
    assert standing.outputs["read"] == "c,d"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (None, "task 'a' has no command, and its image ours/a:1 is not here either"),
        (["/bin/no-such-program"], "task 'a' runs /bin/no-such-program, which is not on this"),
    ],
)
def test_a_program_that_only_an_image_has_is_refused_with_what_to_give(tmp_path, command, words):
    container = {"image": "ours/a:1", "args": ["hello"]} | ({"command": command} if command else {})
    path = compiled(tmp_path / "p.yaml", {"name": "p"}, {"container": container})
    refused(path, words)
    (tmp_path / "image").mkdir()
    (tmp_path / "image" / "Dockerfile").write_text('FROM python:3.11\nENTRYPOINT ["echo"]\n')
    assert Run(OnHost(path, images={"ours/a:1": tmp_path / "image"})).graph.tasks == ("a",)


@component
def row(number: int, out: Output[Dataset]):
    with open(out.path, "w") as file:
        file.write(str(number))


@dsl.container_component
def total(rows: Input[list[Dataset]], made: Output[Artifact]):
    code = (
        "import json, sys\n"
        "found = [open(row['uri']).read() for row in json.loads(sys.argv[1])]\n"
        "open(sys.argv[2], 'w').write('+'.join(sorted(found)))\n"
    )
    return dsl.ContainerSpec(image="alpine", command=["python", "-c", code], args=[rows, made.path])


@dsl.pipeline(name="totals")
def totals():
    with dsl.ParallelFor([1, 2, 3]) as number:
        made = row(number=number)
    total(rows=dsl.Collected(made.outputs["out"]))


def test_a_list_of_artifacts_in_a_command_is_told_as_json():
    record = run(totals)
    assert record.state == "success", record.error("total")
    assert record.outputs["total"].path.read_text() == "1+2+3"


@component
def flaky(counter: str) -> int:
    with open(counter, "a") as file:
        tries = file.write("x") + file.tell() - 1
    assert tries > 2, f"try {tries}"
    return tries


@dsl.pipeline(name="innermost")
def innermost(counter: str) -> int:
    return flaky(counter=counter).output


@dsl.pipeline(name="inner")
def inner(counter: str, own: int) -> int:
    return innermost(counter=counter).output


@dsl.pipeline(name="patient")
def patient(counter: str):
    inner(counter=counter, own=1).set_retry(num_retries=2, backoff_max_duration="1800s")


@dsl.pipeline(name="impatient")
def impatient(counter: str):
    with dsl.If(counter != ""):
        innermost(counter=counter).set_retry(num_retries=1)


def test_a_nested_pipelines_retries_are_those_of_the_tasks_in_it(tmp_path):
    record = run(patient, counter=str(tmp_path / "patient"))
    [name] = record.states()
    assert (record.state, len(record.attempts(name)), record.outputs[name]) == ("success", 3, 3)
    record = run(impatient, counter=str(tmp_path / "impatient"))
    [name] = record.states()
    assert (record.state, len(record.attempts(name))) == ("failed", 2)
    assert "try 2" in record.error(name)


@dsl.pipeline(name="afar")
def afar():
    read(data=dsl.importer(artifact_uri="gs://store/rows.csv", artifact_class=Dataset).output)


@component
def facts(data: Input[Dataset]) -> dict:
    return data.metadata


@dsl.pipeline(name="described")
def described(owner: str, rows: int, uri: str):
    told = {"owner": owner, "text": f"of {owner}", "rows": rows, owner: ["a", owner], "plain": 1.5}
    facts(data=dsl.importer(artifact_uri=uri, artifact_class=Dataset, metadata=told).output)


def test_what_is_said_of_an_imported_file_may_name_parameters(tmp_path):
    (tmp_path / "rows").write_text("a,b")
    record = run(described, owner="us", rows=2, uri=str(tmp_path / "rows"))
    told = {"owner": "us", "text": "of us", "rows": "2", "us": ["a", "us"], "plain": 1.5}
    assert record.outputs["facts"] == told  # kfp's local runner makes text of a number, too


@component
def named(data: Input[Dataset]) -> str:
    return data.uri


@dsl.pipeline(name="by-name")
def by_name():
    named(data=dsl.importer(artifact_uri="gs://store/rows.csv", artifact_class=Dataset).output)


def test_a_file_of_the_network_is_refused_where_it_is_opened_and_not_where_it_is_named():
    refused(afar, "task 'read' opens gs://store/rows.csv, which is not on this machine; import a")
    assert run(by_name).outputs["named"] == "gs://store/rows.csv"


def test_the_shell_of_an_image_may_know_more_than_this_machines(tmp_path):
    line = 'word=a; [[ "$word" == a ]] && [ "$word" == a ]'
    container = {"image": "busybox", "command": ["sh", "-ec", line]}
    path = compiled(tmp_path / "p.yaml", {"name": "p"}, {"container": container})
    assert run(path).state == "success"
