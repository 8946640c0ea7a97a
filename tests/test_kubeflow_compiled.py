"""Reading what kfp's compiler makes, and refusing what it did not make."""

import json

import pytest
from kubeflow_files import alone, compiled

from workbench import PipelineError, graph_of


@pytest.mark.parametrize(
    "name", ["branches", "nested_loops", "exits_after_failure", "nested_in_nested"]
)
def test_a_pipeline_and_its_file_have_the_same_graph(name, pipelines, tmp_path):
    pipeline = getattr(pipelines, name)
    path = compiled(pipeline, tmp_path / "same.yaml")
    assert graph_of(pipeline).as_json() == graph_of(path).as_json()
    elsewhere = alone(
        "import json, sys, workbench; print(json.dumps(workbench.graph_of(sys.argv[1]).as_json()))",
        path,
    )
    assert json.loads(elsewhere) == graph_of(path).as_json()


BAD_FILES = {
    "no file": (None, "No such file"),
    "not YAML": ("a: [", "give the YAML file that kfp's compiler wrote"),
    "empty": ("", "no pipeline"),
    "another YAML": ("a: 1", "no pipeline"),
    "kfp 1": ("apiVersion: argoproj.io/v1alpha1\nkind: Workflow", "has no entrypoint"),
    "newer": (
        "pipelineInfo: {name: x}\nroot: {}\nschemaVersion: 3.0.0",
        "schema 3.0.0 is newer than 2.1",
    ),
    "damaged": (
        "pipelineInfo: {name: x}\nroot: {dag: {tasks: {a: {}}}}\nschemaVersion: 2.1.0",
        "damaged",
    ),
    "binary": (b"\xff\xfe\x00", "give the YAML file that kfp's compiler wrote"),
}


@pytest.mark.parametrize("row", BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_is_no_pipeline_is_refused_in_one_line(row, tmp_path):
    content, message = row
    path = tmp_path / "bad.yaml"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(PipelineError) as caught:
        graph_of(str(path))
    assert message in str(caught.value)
    assert "bad.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_cycle_in_a_file_is_named(pipelines, tmp_path):
    path = compiled(pipelines.files, tmp_path / "cycle.yaml")
    path.write_text(
        path.read_text().replace("      write:\n", "      write:\n        dependentTasks: [read]\n")
    )
    with pytest.raises(PipelineError, match=r"cycle: .*read"):
        graph_of(path)
