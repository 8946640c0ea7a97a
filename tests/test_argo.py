"""Workflow files of many styles are drawn and run; what needs a cluster is told in a line."""

import pytest
from argo_files import BAD, FILES, WRONG
from payloads import fits

from workbench import PipelineError, Run
from workbench.engines.argo.expression import as_value, holds
from workbench.engines.files import things_in
from workbench.engines.registry import engine_for, graph_of, spec_of

QUICK = ("coin", "artifacts", "param-of-a-group", "exit-handler", "depends-on-a-failure")


def refused(action):
    with pytest.raises(PipelineError) as error:
        action()
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.fixture
def written(tmp_path):
    def write(text, name="workflow.yaml"):
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return write


def done(thing, folder, **options):
    run = Run(thing, folder, **options)
    run.run_all()
    run.close()
    assert [event for event in run.record.events if not fits(event)] == []
    return run


@pytest.mark.parametrize(
    "name", [n if n in QUICK else pytest.param(n, marks=pytest.mark.slow) for n in FILES]
)
def test_a_file_is_drawn_and_ends_as_argo_would_end_it(name, written, tmp_path):
    text, state, outputs = FILES[name]
    (path,) = things_in(written(text)).values()
    assert graph_of(path).tasks
    run = done(path, tmp_path / "run")
    told = {task: run.log(task) for task in run.states if run.states[task] == "failed"}
    assert run.record.state == state, told
    made = {task: run.outputs.get(task) for task in outputs}
    assert made == outputs
    assert {run.states[task] for task in outputs if outputs[task] is not None} <= {"success"}


@pytest.mark.parametrize(("text", "words"), BAD, ids=[words for _, words in BAD])
def test_what_cannot_run_is_refused_before_anything_runs(text, words, written, tmp_path):
    path = written(text)
    assert words in refused(lambda: Run(path, tmp_path / "run"))
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(("text", "words"), WRONG, ids=[words for _, words in WRONG])
def test_what_is_wrong_is_the_tasks_error(text, words, written, tmp_path):
    run = done(written(text), tmp_path / "run")
    assert words in run.record.error("main")


def test_a_person_answers_by_a_stand_in(written, tmp_path):
    text = FILES["suspend-for-a-while"][0].replace('suspend: {duration: "1"}', "suspend: {}")
    run = done(written(text), tmp_path / "run", stand_in={"wait": "approved"})
    assert (run.outputs["wait"], run.outputs["go"]) == ("approved", 7)


def test_a_parameter_of_the_run_takes_the_place_of_the_files(written, tmp_path):
    path = written(FILES["parameters"][0])
    assert done(path, tmp_path / "run", who="all").outputs["said"] == "hey all"
    assert "takes who" in refused(lambda: Run(path, tmp_path / "other", whom="all"))


@pytest.mark.parametrize(
    ("condition", "true"),
    [
        ("heads == heads", True),
        ("heads != heads", False),
        ("10 > 9", True),
        ("'a b' == \"a b\" && !(1 >= 2)", True),
        ("false || true && 2 <= 2", True),
        ("main-17 =~ ^main", True),
        ("a !~ b", True),
    ],
)
def test_conditions_are_decided(condition, true):
    assert holds(condition, as_value, "here") is true


@pytest.mark.parametrize("condition", ["(1 == 1", "1 ==", "== 1", "1 1", "a =~ ["])
def test_what_is_no_condition_is_told(condition):
    assert "cannot be decided" in refused(lambda: holds(condition, as_value, "here"))


def test_a_file_of_another_kind_is_another_engines(written):
    assert spec_of(written(FILES["hello"][0])).name == "argo"
    assert spec_of(written("pipelineInfo: {name: p}\nroot: {}", "p.yaml")).name == "kubeflow"


def test_heras_decorators_make_the_same(tmp_path):
    from hera.workflows import DAG, Workflow, script

    @script(image="python:3.13", command=["python"])
    def double(number: int):
        print(2 * number)

    with Workflow(name="doubled", entrypoint="main") as workflow, DAG(name="main"):
        first = double(name="first", arguments={"number": 4})
        first >> double(name="second", arguments={"number": first.result})
    assert engine_for(workflow).graph.edges == (("first", "second"),)
    assert done(workflow, tmp_path / "run").outputs["second"] == 16
