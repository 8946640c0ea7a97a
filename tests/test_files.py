"""What is found in a file: by what it imports, and by every engine that has something in it."""

import json
import sys
from pathlib import Path

import pytest

from workbench import PipelineError, Record, Run, graph_of, start, things_in
from workbench.engines import reading

FLOW = """\
from prefect import flow, task
@task
def one(): return 1
@flow
def ported(): return one()
"""
DAG = """\
from airflow.sdk import DAG, task
with DAG("daily"):
    @task
    def one(): return 1
    one()
"""
PIPELINE = (
    "from workbench import Pipeline\nmine = Pipeline('p')\nmine.task(lambda: 1, name='one')\n"
)
COMPONENT = "from kfp import dsl\n@dsl.component\ndef one() -> int: return 1\n"
GRAPH = "@dsl.pipeline\ndef graph(): one()\n"
FACTORY = "from airflow.sdk import DAG\ndef build(name):\n    with DAG(name): pass\n"

FILES = {  # what the file is: its text, the names of the things in it
    "a flow that mentions another engine": (f'"""Our old airflow DAG."""\n{FLOW}', {"ported"}),
    "a flow that tries to import another": (
        f"try:\n    import airflow.nothing\nexcept ImportError: pass\n{FLOW}",
        {"ported"},
    ),
    "a DAG, under its own name": (DAG, {"daily"}),
    "a DAG and a flow": (DAG + FLOW.replace("task", "task as work").replace("@task as", "@"),
                         {"daily", "ported"}),
    "a DAG that draws itself": (f"from workbench import draw\n{DAG}", {"daily"}),
    "a pipeline": (PIPELINE, {"mine"}),
    "a pipeline and a flow": (PIPELINE + FLOW, {"mine", "ported"}),
    "a private name": (PIPELINE + "_other = mine\n", {"mine"}),
    "a component and a pipeline of it": (COMPONENT + GRAPH, {"graph"}),
    "a component by itself": (COMPONENT, {"one"}),
    "a DAG that a neighbour builds": (
        "import dag_factory  # for airflow\ndag_factory.build('built')\n", {"built"}),
    "a subclass": (PIPELINE + "class Mine(Pipeline): pass\nother = Mine('q')\n", {"mine", "other"}),
}  # fmt: skip


@pytest.fixture
def written(tmp_path, monkeypatch):
    """write(text, name) puts a file into a folder of its own; the session is begun."""
    start()
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "dag_factory.py").write_text(FACTORY)
    monkeypatch.delitem(sys.modules, "dag_factory", raising=False)

    def write(text, name="file_of_things.py"):
        (folder / name).write_text(text)
        return folder / name

    return write


@pytest.mark.parametrize("kind", FILES)
def test_what_a_file_holds(kind, written):
    text, names = FILES[kind]
    path = written(text)
    assert set(things_in(path)) == names
    assert set(things_in(str(path))) == names


def compiled(suffix, folder):
    from kfp import compiler, dsl

    @dsl.component
    def one() -> int:
        return 1

    @dsl.pipeline
    def graph():
        one()

    path = folder / "compiled.yaml"
    compiler.Compiler().compile(graph, str(path))
    if suffix != ".json":
        return path.rename(path.with_suffix(suffix))
    import yaml

    path.with_suffix(suffix).write_text(json.dumps(yaml.safe_load(path.read_text())))
    return path.with_suffix(suffix)


@pytest.mark.parametrize("suffix", [".yaml", ".yml", ".json"])
def test_a_compiled_pipeline_is_one_thing_under_the_files_name(suffix, tmp_path):
    start()
    path = compiled(suffix, tmp_path)
    assert things_in(path) == {f"compiled{suffix}": path}
    assert graph_of(path).tasks == ("one",)


def test_a_record_is_one_thing_under_the_files_name(training, tmp_path):
    execution = Run(training, tmp_path / "run")
    execution.run_all()
    execution.close()
    things = things_in(tmp_path / "run/record.jsonl")
    assert list(things) == ["record.jsonl"]
    assert isinstance(things["record.jsonl"], Record)
    assert graph_of(things["record.jsonl"]) == graph_of(training)


def test_a_neighbour_is_not_a_file_of_its_name_that_was_read_elsewhere(tmp_path):
    for folder, value in (("a", 1), ("b", 2)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "own_tasks.py").write_text(f"{PIPELINE}value = {value}\n")
    (tmp_path / "b/flow.py").write_text(
        f"{PIPELINE}import own_tasks\nassert own_tasks.value == 2\n"
    )
    things_in(tmp_path / "a/own_tasks.py")
    assert set(things_in(tmp_path / "b/flow.py")) == {"mine"}


REFUSED = {  # what is wrong: the file's name, its text, words of the line
    "nothing": ("n.py", "x = 1", "n.py: nothing to draw; it defines no Pipeline, "),
    "an error with a whole exchange in it": ("l.py", "raise OSError('x ' * 999)", "x x …"),
    "a neighbour that is looked for elsewhere": (
        "b.py",
        "open('dag_factory.py')",
        "FileNotFoundError: [Errno 2] No such file or directory: 'dag_factory.py'; "
        "it lies beside the file, which finds it by Path(__file__).with_name(…)",
    ),
    "no DAG, and the loader's reason": ("d.py", "import airflow", "no DAG in it; operators belong"),
    "an error": ("e.py", f"{PIPELINE}1 / 0\n", "e.py, line 4: ZeroDivisionError: division by zero"),
    "a syntax error": ("s.py", "import airflow\ndef (:", "s.py, line 2: SyntaxError"),
    "another kind of file": ("x.txt", "", "x.txt: cannot be drawn; give a .py, .yaml, .yml, .json"),
    "no pipeline": ("x.json", "{}", "x.json: no pipeline (pipelineInfo, "),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_is_told_in_a_line(kind, written):
    name, text, words = REFUSED[kind]
    with pytest.raises(PipelineError) as error:
        graph_of(next(iter(things_in(written(text, name)).values())))
    assert words in str(error.value)
    assert "\n" not in str(error.value)


ODD = """
class Odd(Exception):
    {}
raise Odd("odd")
"""
WAYS = {  # what an error of somebody's does when it is looked at → words of the line
    "pass": "Odd: odd",
    "__class__ = property(lambda self: 1 / 0)": "",  # Airflow's loader falls over it
    "__str__ = lambda self: 1 / 0": "",
    "__str__ = lambda self: exit(3)": "",
    "__getattribute__ = lambda self, name: 1 / 0": "",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("engine", ["from airflow.sdk import DAG", "from prefect import flow"])
def test_an_error_that_cannot_be_looked_at_is_told_in_a_line(way, engine, written):
    path = written(engine + ODD.format(way))
    with pytest.raises(PipelineError, match=rf"^[^\n]*{path.name}[^\n]*{WAYS[way]}$"):
        things_in(path)


def test_the_reason_is_told_of_a_file_by_a_relative_path_too(tmp_path):
    (tmp_path / "broken.py").write_text("import airflow\n1 / 0\n")
    with pytest.raises(PipelineError, match="broken.py, line 2: ZeroDivisionError"):
        things_in("broken.py")  # Airflow's home is made meanwhile, in another folder


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(PipelineError, match=r"no such file; give a \.py, .* or \.jsonl file"):
        things_in(Path(tmp_path / "nowhere.py"))


def test_the_search_path_gets_the_folder_last_and_once(written, monkeypatch):
    monkeypatch.setattr(reading, "_left", [])
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = list(sys.path)
    path = written(PIPELINE)
    things_in(path)
    with pytest.raises(PipelineError):
        things_in(written("1 / 0"))
    assert sys.path == [*before, str(path.parent)]
    other = path.parent / "other"
    other.mkdir()
    (other / path.name).write_text(PIPELINE)  # a child process looks for its things by this name
    things_in(other / path.name)
    assert sys.path == [*before, str(other), str(path.parent)]


def test_a_script_has_no_arguments_and_keeps_the_name_of_nobody_else(written):
    arguments, theirs = list(sys.argv), sys.modules["json"]
    text = PIPELINE + "import sys\nassert sys.argv == [__file__]\nassert sys.modules[__name__]\n"
    for name in ("json.py", "nobodys.py"):
        assert set(things_in(written(text, name))) == {"mine"}
    assert sys.argv == arguments
    assert sys.modules["json"] is theirs
    assert sys.modules.pop("nobodys").mine.name == "p"
