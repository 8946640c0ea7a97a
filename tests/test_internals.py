"""What is used of an engine's inside is there; what is gone is told in a line, before a run."""

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from kubeflow_files import compiled
from typer.testing import CliRunner

import workbench
from workbench import Pipeline, PipelineError, doctor, run
from workbench import internals as inside
from workbench.cli.app import app
from workbench.course.magic import in_the_cell
from workbench.engines import registry
from workbench.engines.members import Member, missing_in
from workbench.engines.registry import Spec, check, lost, other_version, specs

SOURCE = Path(workbench.__file__).parent
FILES = [*SOURCE.rglob("internals.py"), *SOURCE.rglob("internals/__init__.py")]
NAMES = [".".join(path.relative_to(SOURCE.parent).with_suffix("").parts) for path in sorted(FILES)]
LISTS = [name.removesuffix(".__init__") for name in NAMES]
TAKE_AWAY = Path(__file__).with_name("take_away.py")


def imported(path):
    """`module:name` of everything that a file imports by name."""
    nodes = ast.walk(ast.parse(path.read_text()))
    found = (node for node in nodes if isinstance(node, ast.ImportFrom) and node.module)
    return {f"{node.module}:{alias.name}" for node in found for alias in node.names}


def test_a_listed_member_is_imported_by_internals_alone():
    listed = {member.path for name in LISTS for member in importlib.import_module(name).MEMBERS}
    others = (path for path in SOURCE.rglob("*.py") if "internals" not in path.as_posix())
    assert not {path.name: both for path in others if (both := imported(path) & listed)}


@pytest.mark.parametrize("internals", LISTS)
def test_each_member_is_there_as_it_is_used_and_says_what_it_is_needed_for(internals):
    assert missing_in(internals) == []
    for member in importlib.import_module(internals).MEMBERS:
        assert len(member.why) > 10, member.path
        assert not member.why.endswith("."), member.path


pytestmark = pytest.mark.usefixtures("airflow_home")  # engines put logs into a home on import


PRESENT = Member("queue:Queue.put", "x", ("item", "block", "timeout"))
GONE = [
    (Member("nowhere.at.all:thing", "x"), "nowhere.at.all cannot be imported (No module"),
    (Member("queue:Kueue", "telling the time"), "queue:Kueue is gone, needed for telling the time"),
    (Member("queue:Queue.putt", "x"), "queue:Queue.putt is gone"),
    (Member("queue:Queue.put", "x", ("item", "soon")), "queue:Queue.put takes no soon any more"),
]


def test_a_member_that_is_as_it_was_gives_no_trouble():
    assert PRESENT.trouble() == ""


@pytest.mark.parametrize(("member", "words"), GONE, ids=[member.path for member, _ in GONE])
def test_a_member_that_is_gone_or_changed_is_told(member, words):
    assert words in member.trouble()


def spec_like(**changes):
    """An engine as its Spec describes it, of a distribution that is installed."""
    about = {"name": "x", "title": "X", "adapt": "", "gives": "", "distribution": "graphviz"}
    return Spec(**about | changes)


def test_another_version_than_the_tested_one_is_a_remark():
    version = registry.installed(spec_like())
    assert other_version(spec_like(version=version)) == ""
    assert other_version(spec_like(version="0.1")) == (
        f"X {version} is installed, tested is 0.1: make clean setup"
    )


def test_the_remark_is_made_once_and_the_run_goes_on(monkeypatch, capsys):
    local, other = specs()["local"], spec_like(version="0.1")
    aged = {"distribution": other.distribution, "version": other.version, "name": "local"}
    monkeypatch.setattr(registry, "specs", lambda: {"local": spec_like(**aged)})
    monkeypatch.setattr(registry, "spec_of", lambda thing: local)
    check.cache_clear()
    pipeline = Pipeline("p")
    pipeline.task(lambda: 1, name="one")
    assert [run(pipeline).state, run(pipeline).state] == ["success", "success"]
    check.cache_clear()
    assert capsys.readouterr().err == f"workbench: {other_version(spec_like(**aged))}\n"


def internals(folder, monkeypatch, text):
    (folder / "aged_internals.py").write_text(text)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "aged_internals", raising=False)
    return "aged_internals"


def test_internals_that_cannot_be_imported_are_told_as_well(tmp_path, monkeypatch):
    module = internals(tmp_path, monkeypatch, "from queue import _nothing")
    (trouble,) = missing_in(module)
    assert trouble.startswith("cannot import name '_nothing' from 'queue'")


def test_one_line_names_the_engine_both_versions_what_is_gone_and_the_way_out(
    tmp_path, monkeypatch
):
    text = "from workbench.engines.members import Member\nMEMBERS = [Member('queue:a', 'waiting')]"
    spec = spec_like(version="0.1", internals=internals(tmp_path, monkeypatch, text))
    assert lost(spec) == (
        f"X {registry.installed(spec)} (tested is 0.1): "
        "queue:a is gone, needed for waiting; make clean setup"
    )


def test_an_adapter_that_cannot_be_imported_is_a_line(tmp_path, monkeypatch):
    with pytest.raises(PipelineError, match="X cannot be imported .*nowhere.*; make clean setup"):
        registry.hook(spec_like(), "nowhere:adapt")


ENGINES = [spec for spec in specs().values() if spec.internals]


@pytest.mark.parametrize("name", [spec.name for spec in ENGINES])
@pytest.mark.slow
def test_a_run_does_not_begin_without_a_member(name, tmp_path):
    """In a child process that takes each member away in turn, right after the engine's import."""
    environment = os.environ | {"WORKBENCH_HOME": str(tmp_path), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, TAKE_AWAY, name],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


SCRIPT = """
import sys
from suite import contract_of
from workbench import PipelineError, Run, start
start()
_, thing = sys.argv
try:
    Run(thing if "." in thing else contract_of(thing).chain())
except PipelineError as error:
    sys.exit(f"workbench: {error}")
"""


def told_in_one_line(member, thing, folder):
    """A process whose imports a hook robs of this member begins a run, and is told so."""
    (folder / "sitecustomize.py").write_text(TAKE_AWAY.read_text())
    contract = TAKE_AWAY.with_name("contract")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, thing],
        env=os.environ
        | {"PYTHONPATH": f"{folder}:{contract}", "TAKE_AWAY": member.path}
        | {"WORKBENCH_HOME": str(folder / "home"), "PYTHONWARNINGS": "ignore"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert f"): {member.path} is gone, needed for {member.why}" in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stderr.endswith("; make clean setup\n")
    assert not list(folder.rglob("record.jsonl"))


def methods(spec):
    """Members that are taken from a class, which leaves the engine's own imports whole."""
    members = importlib.import_module(spec.internals).MEMBERS
    return [member for member in members if "." in member.path.partition(":")[2]]


@pytest.mark.slow
@pytest.mark.parametrize("spec", ENGINES, ids=[spec.name for spec in ENGINES])
def test_a_run_does_not_begin_where_an_import_hook_has_taken_a_member(spec, tmp_path):
    told_in_one_line(methods(spec)[0], spec.name, tmp_path)


def test_a_run_of_a_yaml_file_does_not_begin_without_a_member_either(tmp_path, pipelines):
    """Only the processes of its components import kfp."""
    compiled(pipelines.chain, tmp_path / "chain.yaml")
    told_in_one_line(methods(specs()["kubeflow"])[-1], "chain.yaml", tmp_path)


@pytest.mark.slow
def test_doctor_names_what_is_gone_of_each_engine_and_exits_with_1(tmp_path, monkeypatch):
    """Its children import the engines with a hook that takes one member of each away."""
    taken = [importlib.import_module(spec.internals).MEMBERS[0].path for spec in ENGINES]
    (tmp_path / "sitecustomize.py").write_text(TAKE_AWAY.read_text())
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("TAKE_AWAY", " ".join(taken))
    monkeypatch.setenv("COLUMNS", "1000")
    monkeypatch.setattr(doctor, "LIBRARIES", {})
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == bool(ENGINES)
    assert "Traceback" not in done.output
    rows = {line.split("│")[1].strip(): line for line in done.output.splitlines() if "│" in line}
    for spec, path in zip(ENGINES, taken, strict=True):
        assert "✗" in rows[spec.title]
        assert path.rpartition(".")[2].rpartition(":")[2] in rows[spec.title]
        assert "make clean setup" in rows[spec.title]


def test_every_engine_of_a_distribution_lists_what_it_uses_of_the_inside():
    assert {spec.name for spec in ENGINES} == {
        spec.name for spec in specs().values() if spec.distribution
    }


def test_errors_are_printed_in_a_cell_within_a_cell_and_as_usual_after_both(capsys):
    shell = InteractiveShell.instance()
    with inside.errors_printed(shell, in_the_cell):
        with inside.errors_printed(shell, in_the_cell):
            shell.run_cell("import json\n\ndef read():\n    json.loads('')\n\nread()")
        shell.run_cell("[][1]")
        shell.run_cell("read(\n")
    assert "_showtraceback" not in vars(shell)
    printed = capsys.readouterr().out.splitlines()
    assert printed[:4] == [
        "JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
        "    in the line: json.loads('')",
        "IndexError: list index out of range",
        "    in the line: [][1]",
    ]
    assert "SyntaxError" in "".join(printed[4:])
