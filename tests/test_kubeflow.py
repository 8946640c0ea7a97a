"""Kubeflow pipelines: what the specification says must happen is what happens."""

import importlib
import importlib.util
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from workbench import PipelineError, Run, graph_of, run
from workbench.graph import template_of

OK, SKIP, FAIL, BLOCKED, CACHED = "success", "skipped", "failed", "upstream_failed", "cached"

TABLE = {  # name: pipeline, parameters, state of every task, outputs that matter
    "a chain of parameters": (
        "chain",
        {"value": 5},
        {"double": OK, "double-2": OK},
        {"double-2": 20},
    ),
    "a default": ("chain", {}, {"double": OK, "double-2": OK}, {"double-2": 12}),
    "an artifact is handed on": (
        "files",
        {"text": "a,b"},
        {"write": OK, "read": OK},
        {"read": "a,b"},
    ),
    "a condition that holds": (
        "conditional",
        {"value": 4},
        {"give": OK, "condition-1/say": OK, "condition-1/say-2": OK, "say-3": OK},
        {"condition-1/say-2": "more"},
    ),
    "a condition that does not": (
        "conditional",
        {"value": 3},
        {"give": OK, "condition-1/say": SKIP, "condition-1/say-2": SKIP, "say-3": OK},
        {},
    ),
    "a loop inside a false condition": (
        "loop_in_condition",
        {"value": 1},
        {"give": OK, "condition-1/for-loop-3/double": SKIP},
        {},
    ),
    "a loop inside a true condition": (
        "loop_in_condition",
        {"value": 4},
        {
            "give": OK,
            "condition-1/for-loop-3[0]/double": OK,
            "condition-1/for-loop-3[1]/double": OK,
        },
        {"condition-1/for-loop-3/double": [2, 4]},
    ),
    "if": ("branches", {"value": 11}, {"say": OK, "say-2": SKIP, "say-3": SKIP}, {"say-4": "high"}),
    "elif": (
        "branches",
        {"value": 4},
        {"say": SKIP, "say-2": OK, "say-3": SKIP},
        {"say-4": "middle"},
    ),
    "else": ("branches", {"value": 3}, {"say": SKIP, "say-2": SKIP, "say-3": OK}, {"say-4": "low"}),
    "text, flag and number in conditions": (
        "kinds_of_condition",
        {"word": "go", "flag": False, "rate": 0.5},
        {"condition-1/say": OK, "condition-2/say-2": SKIP, "condition-3/condition-4/say-3": OK},
        {},
    ),
    "a condition inside a false one": (
        "kinds_of_condition",
        {"word": "stop", "flag": True, "rate": 0.1},
        {"condition-1/say": SKIP, "condition-2/say-2": OK, "condition-3/condition-4/say-3": SKIP},
        {},
    ),
    "a loop over constants": (
        "static_loop",
        {},
        {f"for-loop-2[{number}]/double": OK for number in range(3)},
        {"for-loop-2[2]/double": 6, "for-loop-2/double": [2, 4, 6]},
    ),
    "a loop over an output, collected": (
        "dynamic_loop",
        {"count": 3},
        {"upto": OK, **{f"for-loop-1[{number}]/double": OK for number in range(3)}, "total": OK},
        {"total": 6, "for-loop-1/double": [0, 2, 4]},
    ),
    "an empty loop": (
        "dynamic_loop",
        {"count": 0},
        {"upto": OK, "for-loop-1/double": SKIP, "total": OK},
        {"total": 0},
    ),
    "fields of an item": (
        "loop_of_dictionaries",
        {},
        {f"for-loop-2[{number}]/{task}": OK for number in range(2) for task in ("give", "double")},
        {"for-loop-2/give": [1, 2], "for-loop-2/double": [20, 40]},
    ),
    "collected artifacts": (
        "collected_files",
        {},
        {"for-loop-2[0]/write": OK, "for-loop-2[1]/write": OK, "join": OK},
        {"join": "x+y"},
    ),
    "a loop in a loop": (
        "nested_loops",
        {},
        {f"for-loop-2[{a}]/for-loop-4[{b}]/fail-on": OK for a in range(2) for b in range(2)}
        | {"depth": OK},
        {"depth": "[[1, 1], [2, 2]]"},
    ),
    "a condition on each item": (
        "loop_with_condition",
        {},
        {
            "for-loop-2[0]/give": OK,
            "for-loop-2[0]/condition-3/double": SKIP,
            "for-loop-2[1]/give": OK,
            "for-loop-2[1]/condition-3/double": OK,
        },
        {"for-loop-2[1]/condition-3/double": 10},
    ),
    "a failure inside a loop": (
        "failing_loop",
        {},
        {
            **{
                f"for-loop-2[{number}]/{task}": OK
                for number in (0, 2)
                for task in ("fail-on", "double")
            },
            "for-loop-2[1]/fail-on": FAIL,
            "for-loop-2[1]/double": BLOCKED,
            "total": BLOCKED,
        },
        {"for-loop-2[2]/double": 6},
    ),
    "a nested pipeline": (
        "nested",
        {"value": 3},
        {"doubled-twice/double": OK, "doubled-twice/double-2": OK, "give": OK},
        {"give": 12},
    ),
    "a pipeline nested in a nested one": (
        "nested_in_nested",
        {"value": 2},
        {
            "nested/doubled-twice/double": OK,
            "nested/doubled-twice/double-2": OK,
            "nested/give": OK,
            "double": OK,
        },
        {"double": 16},
    ),
    "a loop over artifacts": (
        "loop_over_files",
        {},
        {
            **{f"lists-of-files/for-loop-2[{number}]/write": OK for number in range(2)},
            **{f"for-loop-1[{number}]/read": OK for number in range(2)},
        },
        {"for-loop-1/read": ["p", "q"]},
    ),
    "an exit task after success": (
        "exits_well",
        {},
        {"exit-handler-1/say": OK, "final": OK},
        {"final": "guarded SUCCEEDED None"},
    ),
    "an exit task after a failure": (
        "exits_after_failure",
        {},
        {"exit-handler-1/fail": FAIL, "exit-handler-1/say": BLOCKED, "final": OK},
        {"final": "guarded FAILED exit-handler-1/fail: ValueError: on purpose"},
    ),
    "a failure that is ignored": (
        "ignoring_failure",
        {},
        {"fail": FAIL, "say": OK},
        {"say": "anyway"},
    ),
    "a failure stops only what needs it": (
        "failing",
        {},
        {"fail": FAIL, "say": BLOCKED, "give": OK, "double": OK},
        {"double": 2},
    ),
    "a retry that succeeds": (
        "retrying",
        {"counter": "HERE/counter"},
        {"succeed-at": OK},
        {"succeed-at": 2},
    ),
    "retries that are used up": (
        "retrying",
        {"counter": "HERE/counter", "attempt": 9},
        {"succeed-at": FAIL},
        {},
    ),
    "the same work is reused": (
        "same_twice",
        {},
        {"double": OK, "double-2": CACHED},
        {"double-2": 8},
    ),
    "unless caching is off": (
        "same_twice_uncached",
        {},
        {"double": OK, "double-2": OK},
        {"double-2": 8},
    ),
    "an imported file": (
        "imported",
        {"uri": "HERE/given.csv"},
        {"importer": OK, "read": OK},
        {"read": "given rows"},
    ),
    "integers stay integers": (
        "integers",
        {},
        {"kinds": OK, "kinds-2": OK, "kinds-3": OK, "tuned": OK},
        {
            "kinds": "share float, trees int",
            "kinds-2": "deep int",
            "kinds-3": "depth int, rate float",
        },
    ),
    "several outputs, and text around them": (
        "several_outputs",
        {},
        {"both": OK, "say": OK},
        {"both": {"half": 1.5, "word": "no. 3"}, "say": "no. 3 is twice 1.5"},
    ),
    "metrics and a model": ("logged", {}, {"score": OK}, {}),
    "an environment variable": (
        "with_environment",
        {},
        {"environment": OK},
        {"environment": "vanilla"},
    ),
    "a container's command": (
        "containers",
        {"text": "ho"},
        {"shout": OK, "read": OK},
        {"read": "ho!\n"},
    ),
    "a file as the pipeline's input": (
        "given_a_file",
        {"data": "HERE/given.csv"},
        {"read": OK},
        {"read": "given rows"},
    ),
}
ALONE = [  # also drawn and run from their YAML file, in a process that never sees this code
    "an artifact is handed on",
    "a condition that does not",
    "elif",
    "a loop over an output, collected",
    "an empty loop",
    "a loop in a loop",
    "a failure inside a loop",
    "a pipeline nested in a nested one",
    "a loop over artifacts",
    "an exit task after a failure",
    "a retry that succeeds",
    "integers stay integers",
]


@pytest.fixture(scope="module")
def pipelines():
    return importlib.import_module("kubeflow_pipelines")


@pytest.fixture(autouse=True)
def given():
    Path("given.csv").write_text("given rows")


def compiled(pipeline, path):
    from kfp import compiler

    compiler.Compiler().compile(pipeline, str(path))
    return path


def placed(parameters, here):
    """The parameters with the test's own folder for HERE."""
    return {
        key: value.replace("HERE", str(here)) if isinstance(value, str) else value
        for key, value in parameters.items()
    }


def alone(script, *arguments):
    """What a script prints in a fresh process."""
    source = Path(sys.modules["workbench"].__file__).parents[1]
    command = [sys.executable, "-c", script, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def states_as_expected(states, expected):
    """Compare states; the rows about branches leave out groups' names and the tasks that always run."""
    if not set(expected) <= set(states):
        states = {name.rpartition("/")[2]: state for name, state in states.items()}
        states = {name: states[name] for name in expected}
    assert states == expected


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_what_the_specification_says_happens(row, pipelines, tmp_path):
    name, parameters, expected, outputs = row
    record = run(getattr(pipelines, name), **placed(parameters, tmp_path))
    states_as_expected(record.states(), expected)
    assert {task: record.outputs[task] for task in outputs} == outputs
    assert record.state == ("failed" if FAIL in expected.values() else "success")


def test_pipelines_run_from_their_yaml_alone(pipelines, tmp_path):
    for name in ALONE:
        compiled(getattr(pipelines, TABLE[name][0]), tmp_path / f"{name}.yaml")
    script = """
import json, sys
from workbench import draw, run
found = {}
for name, parameters in json.loads(sys.argv[1]).items():
    path = f"{sys.argv[2]}/{name}.yaml"
    text = str(draw(path))
    record = run(path, folder=f"{sys.argv[2]}/runs of {name}/1", **parameters)
    outputs = {task: value for task, value in record.outputs.items() if isinstance(value, (str, int, list))}
    found[name] = [text, record.state, record.states(), outputs]
assert "kfp" not in sys.modules
print(json.dumps(found))
"""
    asked = json.dumps({name: placed(TABLE[name][1], tmp_path) for name in ALONE})
    done = alone(script, asked, tmp_path)
    for name, (text, state, states, outputs) in json.loads(done.splitlines()[-1]).items():
        _, _, expected, wanted = TABLE[name]
        states_as_expected(states, expected)
        assert state == ("failed" if FAIL in expected.values() else "success")
        assert outputs == outputs | {
            task: value for task, value in wanted.items() if task in states
        }
        assert all(template_of(task).rpartition("/")[2] in text for task in expected)


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


def test_edges_are_labelled_with_what_travels(pipelines):
    graph = graph_of(pipelines.files)
    assert graph.labels == {("write", "read"): "data (Dataset)"}
    graph = graph_of(pipelines.dynamic_loop)
    assert graph.labels["for-loop-1/double", "total"] == "Output (int)"
    graph = graph_of(pipelines.branches)
    assert ("give", "condition-branches-1/condition-2/say") in graph.edges
    assert (
        graph.notes["condition-branches-1/condition-3/say-2"]["condition"]
        == "!(give-Output > 10) && give-Output > 3"
    )


def test_a_loop_in_a_loop_says_both(pipelines):
    assert (
        graph_of(pipelines.nested_loops)
        .notes["for-loop-2/for-loop-4/fail-on"]["loop"]
        .count("for each of")
        == 2
    )


def test_resources_and_image_stand_on_the_task(pipelines):
    notes = graph_of(pipelines.with_environment).notes["environment"]
    assert notes["memory limit"] == "2G"
    assert notes["cpu request"] == "1"
    assert notes["image"].startswith("python:3")
    assert graph_of(pipelines.retrying).notes["succeed-at"]["retries"] == "2, the first after 5s"


def test_items_of_a_loop_run_at_the_same_time(pipelines):
    record = run(pipelines.overlapping_loop)
    assert record.overlap([f"for-loop-2[{number}]/nap" for number in range(3)]) > 0


def test_a_limit_on_a_loop_is_kept(pipelines):
    record = run(pipelines.limited_loop)
    assert record.state == "success"
    assert record.overlap([f"for-loop-2[{number}]/nap" for number in (0, 1)]) == 0
    assert record.overlap([f"for-loop-2[{number}]/nap" for number in (1, 2)]) == 0


def test_retries_wait_longer_each_time(pipelines, tmp_path):
    record = run(pipelines.retrying, counter=str(tmp_path / "counter"), attempt=3)
    delays = [event.detail["delay"] for event in record.events if event.kind == "retrying"]
    assert delays == [5.0, 15.0]
    assert [attempt.state for attempt in record.attempts("succeed-at")] == [
        "failed",
        "failed",
        "success",
    ]


def test_a_second_run_reuses_the_first(pipelines):
    assert run(pipelines.files).states() == {"write": OK, "read": OK}
    assert run(pipelines.files).states() == {"write": CACHED, "read": CACHED}
    assert run(pipelines.files, text="new").states() == {"write": OK, "read": OK}


def test_a_spoilt_file_is_not_reused(pipelines):
    first = run(pipelines.files)
    first.outputs["write"].path.write_text("changed behind our back")
    assert run(pipelines.files).states()["write"] == OK


def test_the_traceback_begins_in_the_component(pipelines):
    running = Run(pipelines.failing)
    running.run_all()
    log = running.log("fail")
    running.close()
    assert log.startswith("Traceback")
    assert "in fail\n    raise ValueError(text)\nValueError: on purpose" in log
    assert "workbench" not in log.replace(str(running.folder), "")


def test_artifacts_can_be_looked_into(pipelines):
    made = run(pipelines.logged).outputs["score"]
    assert dict(made["metrics"].metadata) == {"accuracy": 0.75}
    assert made["model"].path.read_text() == "weights"
    assert made["model"].metadata == {"framework": "none"}
    assert "accuracy" in made["metrics"]._repr_html_()


def test_a_dataset_is_a_table_and_knows_where_it_came_from(pipelines):
    made = run(pipelines.files, text="a,b\n1,2\n").outputs["write"]
    assert made.table().to_dict("list") == {"a": [1], "b": [2]}
    assert made.lineage() == "Dataset data ← write\n  text = 'a,b\\n1,2\\n'"
    assert "<td>2</td>" in made._repr_html_()


def test_confusion_matrices_are_tables():
    from kfp.dsl import ClassificationMetrics

    from workbench.engines.kubeflow.artifact import Artifact

    logged = ClassificationMetrics(metadata={})
    logged.log_confusion_matrix(["no", "yes"], [[3, 1], [0, 6]])
    table = Artifact("ClassificationMetrics", "matrix", "nowhere", logged.metadata).table()
    assert table.loc["no", "yes"] == 1
    assert table.loc["yes", "yes"] == 6


def test_a_single_component_runs(pipelines):
    record = run(pipelines.double, value=4)
    assert record.outputs["double"] == 8


def test_a_forked_run_goes_on_with_another_file(pipelines):
    first = Run(pipelines.files, text="one")
    first.run_all()
    Path("other.csv").write_text("two")
    second = first.fork({"write": str(Path("other.csv").absolute())})
    second.run_all()
    assert second.outputs["read"] == "two"
    first.close()
    second.close()


def test_a_loop_grows_and_shrinks_when_what_it_goes_over_is_retried(pipelines):
    running = Run(pipelines.dynamic_loop, count=3)
    running.run_all()
    shorter = running.fork({"upto": [5]})
    shorter.run_all()
    assert shorter.states["for-loop-1[0]/double"] == OK
    assert shorter.states["for-loop-1[2]/double"] == SKIP
    assert shorter.outputs["total"] == 10
    longer = running.fork({"upto": [1, 1, 1, 1]})
    longer.run_all()
    assert longer.outputs["total"] == 8
    for one in (running, shorter, longer):
        one.close()


def test_run_to_a_task_after_a_loop_runs_the_loop(pipelines):
    running = Run(pipelines.dynamic_loop, count=2)
    running.run_to("total")
    running.close()
    assert running.states["total"] == OK


def test_looking_back_shows_what_was_ready_inside_a_loop(pipelines):
    running = Run(pipelines.dynamic_loop, count=2)
    running.step()
    body = running.ready()
    assert body == ["for-loop-1[0]/double", "for-loop-1[1]/double"]
    here = len(running.record) - 1
    running.run_all()
    running.back(here)
    assert running.ready() == body
    running.step("for-loop-1[1]/double")
    assert running.states == {"upto": OK, body[0]: "pending", body[1]: OK, "total": "pending"}
    running.close()


def test_a_run_is_resumed_inside_a_loop(pipelines):
    running = Run(pipelines.dynamic_loop, count=2)
    running.step()
    running.step()
    running.close()
    again = Run.resume(running.folder, pipelines.dynamic_loop)
    assert again.states["for-loop-1[0]/double"] == OK
    again.run_all()
    assert again.outputs["total"] == 2
    again.close()


@pytest.mark.parametrize(
    ("how", "state", "error"),
    [
        ("raise", FAIL, "InjectedFailure: injected into 'double'"),
        ("kill", FAIL, "killed by SIGKILL"),
        ("corrupt output", OK, None),
    ],
)
def test_failures_can_be_injected(pipelines, how, state, error):
    running = Run(pipelines.chain)
    running.inject("double", how)
    running.run_all()
    assert running.states["double"] == state
    assert running.record.error("double") == error
    running.retry("double")
    running.run_all()
    assert running.states == {"double": OK, "double-2": OK}
    running.close()


def test_a_corrupted_file_is_half_as_long(pipelines):
    running = Run(pipelines.files, text="12345678")
    running.inject("write", "corrupt output")
    running.run_all()
    assert running.outputs["read"] == "1234"
    running.close()


@pytest.mark.parametrize("injection", [None, "hang"])
def test_stop_ends_a_component_at_once(pipelines, injection):
    running = Run(pipelines.sleep)
    if injection:
        running.inject("sleep", injection)
    thread = threading.Thread(target=running.run_all)
    thread.start()
    while running.states["sleep"] != "running" or not (
        injection or "asleep" in running.log("sleep")
    ):
        time.sleep(0.05)
    running.stop()
    thread.join(150)
    assert not thread.is_alive()
    assert running.states["sleep"] == FAIL
    assert not subprocess.run(
        ["pgrep", "-f", str(running.folder)], capture_output=True, check=False
    ).stdout
    running.close()


def test_a_container_has_the_files_its_dockerfile_copies(tmp_path):
    from workbench.engines.kubeflow.engine import OnHost

    folder = tmp_path / "image"
    folder.mkdir()
    (folder / "work.py").write_text(
        "import sys; open(sys.argv[2], 'w').write(sys.argv[1] + open('data/x').read())"
    )
    (folder / "data").mkdir()
    (folder / "data" / "x").write_text("!")
    (folder / "Dockerfile").write_text(
        "FROM python:3.11\nRUN rm -rf /\nCOPY work.py /app/\nWORKDIR /app\nCOPY data data\n"
        'ENTRYPOINT ["python", "work.py"]\n'
    )
    text = """
from kfp import dsl
@dsl.container_component
def work(word: str, made: dsl.Output[dsl.Dataset]):
    return dsl.ContainerSpec(image="ours/work:v1", args=[word, made.path])
"""
    (tmp_path / "their_container.py").write_text(text)
    sys.path.insert(0, str(tmp_path))
    work = importlib.import_module("their_container").work
    sys.path.remove(str(tmp_path))
    running = Run(OnHost(work, images={"ours/work:v1": folder}), word="hello")
    running.run_all()
    running.close()
    assert running.outputs["work"].path.read_text() == "hello!"
    assert f"$ docker build -t ours/work:v1 {folder}" in running.log("work")
    assert "$ docker run --rm " in running.log("work")
    assert "isolation" in running.log("work")


def test_a_container_whose_files_are_not_here_says_what_to_give(pipelines, tmp_path):
    path = compiled(pipelines.containers, tmp_path / "containers.yaml")
    path.write_text(path.read_text().replace("- sh\n", "- /no/such/program\n"))
    record = run(path)
    assert record.states()["shout"] == FAIL
    assert "OnHost(pipeline, images={'alpine:3.20': …})" in record.error("shout")


BAD_RUNS = {
    "no output": (
        "nothing",
        "the component ended well but wrote no output Output (str): return it",
    ),
    "no file": (
        "unwritten",
        "the component ended well but wrote no output data (Dataset): write to data.path",
    ),
    "killed": ("die", "killed by SIGKILL"),
    "packages": ("demanding", "packages_to_install asks for pandas==0.1 (here: "),
}


@pytest.mark.parametrize("row", BAD_RUNS.values(), ids=BAD_RUNS)
def test_what_a_component_does_wrong_is_said_in_one_line(row, pipelines):
    name, message = row
    record = run(getattr(pipelines, name))
    assert record.state == "failed"
    assert record.error(name).startswith(message)
    assert "\n" not in record.error(name)


def test_lacking_packages_are_all_named_and_nothing_is_installed(pipelines):
    error = run(pipelines.demanding).error("demanding")
    assert "no-such-package-here" in error
    assert "numpy" not in error
    assert "venv=True" in error


def test_packages_that_are_here_need_no_installing(pipelines):
    record = run(pipelines.contented)
    assert record.states() == {"contented": OK}, record.error("contented")


@pytest.mark.slow
def test_an_environment_of_its_own_is_made_when_asked(tmp_path, monkeypatch):
    """The package is a wheel written here, so that no registry is needed."""
    from zipfile import ZipFile

    from workbench.engines.kubeflow.engine import OnHost

    wheel = tmp_path / "lent_word-1.0-py3-none-any.whl"
    with ZipFile(wheel, "w") as archive:
        archive.writestr("lent_word.py", "WORD = 'lent'\n")
        archive.writestr(
            "lent_word-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: lent-word\nVersion: 1.0\n",
        )
        archive.writestr(
            "lent_word-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr("lent_word-1.0.dist-info/RECORD", "")
    (tmp_path / "lending.py").write_text(f"""
from kfp import dsl
@dsl.component(base_image="python:3.11", install_kfp_package=False, packages_to_install=[{str(wheel)!r}])
def borrow() -> str:
    import lent_word
    return lent_word.WORD
""")
    monkeypatch.syspath_prepend(tmp_path)
    borrow = importlib.import_module("lending").borrow
    assert str(wheel) in run(borrow).error("borrow")
    assert run(OnHost(borrow, venv=True)).outputs["borrow"] == "lent"
    assert importlib.util.find_spec("lent_word") is None


BAD_FILES = {
    "no file": (None, "No such file"),
    "not YAML": ("a: [", "give the YAML file that kfp's compiler wrote"),
    "empty": ("", "no pipeline"),
    "another YAML": ("a: 1", "no pipeline"),
    "kfp 1": ("apiVersion: argoproj.io/v1alpha1\nkind: Workflow", "an Argo workflow of kfp 1"),
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


BAD_ARGUMENTS = {
    "missing": ("conditional", {}, "pipeline 'conditional' needs 'value' (int): run(…, value=…)"),
    "missing file": ("given_a_file", {}, "needs 'data' (Dataset)"),
    "unknown": (
        "chain",
        {"valu": 1},
        "'valu' is not a parameter of pipeline 'chain' (parameters: value (int))",
    ),
    "text for a number": (
        "conditional",
        {"value": "4"},
        "parameter 'value' is to be int, not str '4'",
    ),
    "a flag for a number": (
        "conditional",
        {"value": True},
        "parameter 'value' is to be int, not bool True",
    ),
    "a number for a file": (
        "given_a_file",
        {"data": 1},
        "parameter 'data' is to be the path of a Dataset, not int 1",
    ),
}


@pytest.mark.parametrize("row", BAD_ARGUMENTS.values(), ids=BAD_ARGUMENTS)
def test_a_wrong_argument_is_named_with_its_type(row, pipelines):
    name, parameters, message = row
    with pytest.raises(PipelineError) as caught:
        run(getattr(pipelines, name), **parameters)
    assert message in str(caught.value)


def test_a_root_that_cannot_be_written_is_named(pipelines, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PipelineError, match="a run needs a folder it can write to"):
        Run(pipelines.chain, folder=tmp_path / "file" / "run")


def test_a_root_that_becomes_unwritable_fails_the_task_only(pipelines):
    running = Run(pipelines.chain)
    (running.folder / "artifacts").write_text("in the way")
    running.run_all()
    running.close()
    assert running.states == {"double": FAIL, "double-2": BLOCKED}
    assert "Not a directory" in running.record.error("double")


def test_a_full_disk_fails_the_task_and_not_the_run(pipelines, tmp_path):
    """A limit on the size of a file, set in another process, fails a write half-way as a full disk does."""
    path = compiled(pipelines.fill, tmp_path / "fill.yaml")
    script = f"""
import resource
from workbench import run
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
record = run({str(path)!r}, size=200_000)
print(record.states(), record.error("fill"))
"""
    done = alone(script)
    assert done == "{'fill': 'failed'} OSError: [Errno 27] File too large\n"


CONDITIONS = [
    ("inputs.parameter_values['a'] == 'x'", {"a": "x"}, True),
    (
        "!(inputs.parameter_values['a'] == 'x') && int(inputs.parameter_values['b']) > 1",
        {"a": "y", "b": 2.0},
        True,
    ),
    ("inputs.parameter_values['a'] == 'it is true && !false'", {"a": "it is true && !false"}, True),
    ("inputs.parameter_values['a'] == true || false", {"a": False}, False),
    ("double(inputs.parameter_values['a']) <= -0.5", {"a": -1}, True),
    ("inputs.parameter_values['a'] != 3", {"a": 3}, False),
]


@pytest.mark.parametrize(("text", "values", "expected"), CONDITIONS)
def test_conditions_are_parsed(text, values, expected):
    from workbench.engines.kubeflow.condition import holds

    assert holds(text, values) is expected


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true') == 0",
        "inputs.parameter_values['a'].upper() == 'X'",
        "inputs.parameter_values['gone'] == 'x'",
        "inputs.parameter_values['a'] > 3",
        "inputs.parameter_values['a']",
        "inputs.parameter_values['a'] ==",
    ],
)
def test_a_condition_that_says_nothing_is_refused(text):
    from workbench.engines.kubeflow.condition import holds

    with pytest.raises(PipelineError, match="cannot be decided"):
        holds(text, {"a": "x"})
