"""Pipelines as people have them: texts out of numbers, places of their own, what a cluster has."""

import re
from functools import partial

import pytest
import yaml
from kfp import dsl, kubernetes
from kfp.dsl import Artifact, Dataset, Input, Output

from workbench import PipelineError, graph_of, run

component = partial(dsl.component, base_image="python:3.11")  # silences a notice of kfp


@component
def rows() -> list:
    return [{"n": 1, "x": 1.5, "b": True, "l": [1, "ä"]}]


@component
def joined(n: str, x: str, b: str, l: str) -> str:  # noqa: E741 - a field's name
    return "|".join((n, x, b, l))


@component
def five() -> int:
    return 5


@component
def added(a: int, b: int) -> int:
    return a + b


@dsl.pipeline(name="grid")
def grid():
    with dsl.ParallelFor(rows().output) as item:
        joined(n=item.n, x=item.x, b=item.b, l=item.l)
    with dsl.ParallelFor([{"a": 1, "b": 2}, {"a": 3, "b": 4}]) as item:
        added(a=item.a, b=item.b)


def test_a_component_that_asks_for_text_gets_text_and_one_that_asks_for_a_number_gets_that():
    record = run(grid)
    outputs = {task: record.outputs.get(task) for task in record.states()}
    texts = [value for task, value in outputs.items() if task.endswith("/joined")]
    sums = [value for task, value in outputs.items() if task.endswith("/added")]
    assert texts == ['1|1.5|true|[1, "\\u00e4"]']
    assert sums == [3, 7]


@component
def make(out: Output[Dataset], plain: Output[Artifact]):
    import os
    import tempfile

    out.set_path(os.path.join(tempfile.mkdtemp(), "rows.csv"))
    for artifact in (out, plain):
        with open(artifact.path, "w") as file:
            file.write(os.path.basename(artifact.path))


@component
def read(data: Input[Dataset], plain: Input[Artifact]) -> str:
    return open(data.path).read() + " " + open(plain.path).read()


@dsl.pipeline(name="own-path")
def own_path() -> str:
    made = make()
    return read(data=made.outputs["out"], plain=made.outputs["plain"]).output


def test_an_artifact_is_found_where_its_component_has_put_it():
    record = run(own_path)
    assert record.outputs["read"] == "rows.csv plain"
    assert record.outputs["make"]["out"].path.name == "rows.csv"


FACTS = {
    "name": dsl.PIPELINE_JOB_NAME_PLACEHOLDER,
    "resource": dsl.PIPELINE_JOB_RESOURCE_NAME_PLACEHOLDER,
    "job": dsl.PIPELINE_JOB_ID_PLACEHOLDER,
    "task": dsl.PIPELINE_TASK_NAME_PLACEHOLDER,
    "task_id": dsl.PIPELINE_TASK_ID_PLACEHOLDER,
    "root": dsl.PIPELINE_ROOT_PLACEHOLDER,
    "created": dsl.PIPELINE_JOB_CREATE_TIME_UTC_PLACEHOLDER,
    "scheduled": dsl.PIPELINE_JOB_SCHEDULE_TIME_UTC_PLACEHOLDER,
}


@component
def told(facts: dict) -> dict:
    return facts


@dsl.container_component
def said(text: dsl.OutputPath(str)):
    line = '[ "$1" ] && printf "%s" "$1" > "$0"'
    name = dsl.PIPELINE_TASK_NAME_PLACEHOLDER
    return dsl.ContainerSpec(image="alpine", command=["sh", "-c", line, text, name])


@dsl.pipeline(name="facts")
def facts():
    told(facts=FACTS)
    said()


def test_every_placeholder_stands_for_what_a_cluster_would_say():
    record = run(facts)
    values = record.outputs["told"]
    assert values["name"] == values["resource"] == values["job"]
    assert values["name"].startswith("facts-")
    assert values["root"].endswith(values["name"])
    assert (values["task"], values["task_id"]) == ("told", f"{values['job']}/told")
    assert values["created"] == values["scheduled"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", values["created"])
    assert record.outputs["said"] == "said", record.error("said")


def container(image="alpine", **fields):
    return {"container": {"image": image, "command": ["echo"], "args": ["hello"], **fields}}


def compiled(path, info, executor):
    document = {
        "components": {"comp-a": {"executorLabel": "exec-a"}},
        "deploymentSpec": {"executors": {"exec-a": executor}},
        "pipelineInfo": info,
        "root": {
            "dag": {"tasks": {"a": {"componentRef": {"name": "comp-a"}, "taskInfo": {"name": "a"}}}}
        },
        "schemaVersion": "2.1.0",
    }
    path.write_text(yaml.safe_dump(document))
    return path


@pytest.mark.parametrize("info", [{"name": None}, {"name": ""}, {}, None])
def test_a_pipeline_without_a_name_is_drawn_and_refused_before_it_runs(tmp_path, info):
    path = compiled(tmp_path / "p.yaml", info, container())
    assert graph_of(path).tasks == ("a",)
    with pytest.raises(PipelineError, match=r"^\S+p\.yaml: the pipeline has no name[^\n]*$"):
        run(path)


def test_a_name_may_be_a_number_or_in_any_alphabet(tmp_path):
    for name in (2024, "конвейер/данных"):
        path = compiled(tmp_path / "p.yaml", {"name": name}, container())
        assert run(path).state == "success"


@pytest.mark.parametrize("image", ["argostub/createpvc", "argostub/deletepvc:latest"])
def test_a_volume_of_a_cluster_is_refused_before_the_run(tmp_path, image):
    path = compiled(tmp_path / "p.yaml", {"name": "p"}, {"container": {"image": image}})
    with pytest.raises(PipelineError, match=r"^pipeline 'p': task 'a' \w+ a volume of a cluster"):
        run(path)


@component
def shown(name: str) -> str:
    import os

    return os.environ[name]


def with_secret():
    task = shown(name="CASES_TOKEN")
    kubernetes.use_secret_as_env(task, "vault", {"token": "CASES_TOKEN"})


def with_optional():
    kubernetes.use_secret_as_env(shown(name="HOME"), "v", {"t": "CASES_OTHER"}, optional=True)


def with_secret_of_an_input():
    kubernetes.use_secret_as_env(shown(name="HOME"), five().output, {"t": "CASES_OTHER"})


def with_pod_label():
    task = shown(name="CASES_LABEL")
    kubernetes.use_field_path_as_env(task, "CASES_LABEL", "metadata.labels['team']")


def with_config():
    kubernetes.use_config_map_as_env(shown(name="HOME"), "settings", {"a": "CASES_OTHER"})


def mounted(path):
    kubernetes.mount_pvc(shown(name="HOME"), pvc_name="store", mount_path=path)


def with_volume():
    mounted("/cases/nowhere")


def in_a_group():
    with dsl.ParallelFor([1]):
        with_volume()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (with_secret, r"task 'shown' takes \$CASES_TOKEN from a cluster's 'vault'; set that"),
        (with_config, r"task 'shown' takes \$CASES_OTHER from a cluster's 'settings'"),
        (with_secret_of_an_input, r"task 'shown' takes \$CASES_OTHER from a cluster's secret; set"),
        (with_pod_label, r"task 'shown' takes \$CASES_LABEL from its pod \(metadata.labels\["),
        (with_volume, r"task 'shown' mounts a cluster's volume at /cases/nowhere; make that"),
        (in_a_group, r"task 'for-loop-\d/shown' mounts a cluster's volume"),
    ],
)
def test_what_only_a_cluster_has_is_refused_before_the_run_with_what_can_stand_in(body, words):
    pipeline = dsl.pipeline(name="cluster")(body)
    assert graph_of(pipeline).tasks
    with pytest.raises(PipelineError, match=rf"^pipeline 'cluster': {words}[^\n]*$"):
        run(pipeline)


def test_what_stands_in_for_a_cluster_is_enough(tmp_path, monkeypatch):
    monkeypatch.setenv("CASES_TOKEN", "t0")
    assert run(dsl.pipeline(name="cluster")(with_secret)).outputs["shown"] == "t0"
    here = dsl.pipeline(name="cluster")(lambda: mounted(str(tmp_path)))
    assert run(here).state == "success"
    assert run(dsl.pipeline(name="cluster")(with_optional)).state == "success"


@component
def word(x: str) -> str:
    return x


@dsl.pipeline(name="inner")
def inner(n: int) -> str:
    with dsl.If(n > 3):
        high = word(x="high")
    with dsl.Else():
        low = word(x="low")
    return dsl.OneOf(high.output, low.output)


@component
def file_of(x: str, a: Output[Artifact]):
    with open(a.path, "w") as file:
        file.write(x)


@component
def text_of(a: Input[Artifact]) -> str:
    return open(a.path).read()


@dsl.pipeline(name="outer")
def outer() -> str:
    text = inner(n=five().output)
    with dsl.If(text.output == "high"):
        yes = file_of(x="yes")
    with dsl.Else():
        no = file_of(x="no")
    return text_of(a=dsl.OneOf(yes.outputs["a"], no.outputs["a"])).output


def test_a_fault_of_kfps_compiler_is_told_as_one():
    with pytest.raises(
        PipelineError, match=r"^outer: kfp's compiler has taken two groups"
    ) as error:
        graph_of(outer)
    assert "compile the pipeline again" not in str(error.value)
    assert graph_of(inner).tasks
