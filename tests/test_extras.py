"""An engine that is not installed is a line that says how to get it."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest

from workbench import PipelineError, doctor, extras, start, things_in
from workbench.engines import registry
from workbench.engines.registry import specs
from workbench.exercises import check
from workbench.exercises.cells import cell_of, part_of
from workbench.exercises.registry import exercises, find

ROOT = Path(__file__).parent.parent
NOTEBOOKS = [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("solutions/*.ipynb")]


@pytest.fixture
def without(monkeypatch):
    """Pretend that an extra was never installed."""

    def leave_out(extra):
        others = {
            name for other, names in extras.extras().items() if other != extra for name in names
        }
        names = set(extras.extras()[extra]) - others
        there = extras.is_installed
        monkeypatch.setattr(extras, "is_installed", lambda name: name not in names and there(name))

    return leave_out


def test_extras_are_those_of_pyproject_and_all_of_them_are_installed_here():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = set(declared["optional-dependencies"])
    assert set(extras.extras()) == declared - extras.SUMS
    assert not [extra for extra in extras.extras() if extras.is_missing(extra)]


def test_every_engine_of_ours_comes_with_the_extra_of_its_name():
    for name, spec in specs().items():
        if spec.distribution and spec.adapt.startswith("workbench."):
            assert extras.extra_with(spec.distribution) == name


@pytest.mark.parametrize(
    ("module", "extra"),
    [
        ("airflow.sdk", "airflow"),
        ("kfp", "kubeflow"),
        ("prefect", "prefect"),
        ("xgboost", "models"),
        ("mlflow", "mlflow"),
        ("pandas", None),
        ("no_such_thing", None),
    ],
)
def test_a_module_leads_to_the_extra_that_brings_it(module, extra):
    assert extras.extra_for(module) == extra


def is_code(cell):
    """An answer may be prose, in a cell of code all the same."""
    answer = cell_of(cell.source)
    if cell.cell_type != "code" or answer is None:
        return cell.cell_type == "code"
    exercise = find(answer.name)
    return part_of(answer.suffix, exercise.cells) == "code"


def imported(path):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        lines = cell.source.splitlines() if is_code(cell) else []
        code = "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module


def needs_of(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if "start(seed=seed" in cell.source:
            (call,) = (
                node
                for node in ast.walk(ast.parse(cell.source.partition("\n%")[0]))
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "start"
            )
            given = {word.arg: ast.literal_eval(word.value) for word in call.keywords[1:]}
            return set(given.get("needs", ()))
    raise AssertionError(f"{path} has no first cell")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_asks_in_its_first_cell_for_what_it_imports(path):
    assert {extras.extra_for(module) for module in imported(path)} - {None} <= needs_of(path)


@pytest.mark.parametrize("name", exercises())
def test_an_exercise_asks_for_what_its_notebook_asks_for(name):
    exercise = find(name)
    assert set(exercise.needs) == needs_of(exercise.solution)


def test_a_notebook_that_needs_what_is_missing_says_how_to_get_it(without):
    without("airflow")
    with pytest.raises(PipelineError) as told:
        start(needs=["airflow", "prefect"])
    assert str(told.value) == (
        "this notebook needs what is not installed here: pip install 'pipeline-workbench[airflow]'"
    )


def test_a_thing_of_an_engine_that_is_not_installed_is_a_line(without, tmp_path):
    without("kubeflow")
    (tmp_path / "p.yaml").write_text("pipelineInfo: {name: p}")
    line = (
        r"^Kubeflow Pipelines is not installed here: pip install 'pipeline-workbench\[kubeflow]'$"
    )
    with pytest.raises(PipelineError, match=line):
        registry.graph_of(tmp_path / "p.yaml")


def test_a_file_that_imports_what_is_missing_is_a_line(without, tmp_path, monkeypatch):
    without("models")
    monkeypatch.setitem(sys.modules, "xgboost", None)
    (tmp_path / "p.py").write_text("import xgboost\n")
    with pytest.raises(PipelineError) as told:
        things_in(tmp_path / "p.py")
    assert str(told.value).endswith("it comes with: pip install 'pipeline-workbench[models]'")


def test_doctor_takes_what_is_left_out_for_no_fault(without, monkeypatch):
    for extra in ("airflow", "models"):
        without(extra)
    engines = {name: specs()[name] for name in ("local", "airflow")}
    monkeypatch.setattr(doctor, "specs", lambda: engines)
    rows = {finding.subject: finding for finding in doctor.examine()}
    for subject, extra in (("Airflow", "airflow"), ("XGBoost", "models")):
        assert (rows[subject].works, rows[subject].state) == (None, "not installed")
        assert rows[subject].remedy == f"pip install 'pipeline-workbench[{extra}]'"


def test_an_answer_that_needs_what_is_missing_is_not_judged(without):
    without("models")
    report = check.check("problem_4", find("problem_4").solution)
    assert report.outcome == "unusable"
    assert "pip install 'pipeline-workbench[models]'" in report.note


def test_the_package_and_plain_pipelines_need_no_extra():
    script = (
        "import sys\n"
        "for name in ('airflow', 'kfp', 'prefect', 'xgboost'): sys.modules[name] = None\n"
        "from workbench import Pipeline, draw, run\n"
        "p = Pipeline('p')\n"
        "p.task(lambda: 1, name='one')\n"
        "assert draw(p) and run(p).state == 'success'\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=150)
