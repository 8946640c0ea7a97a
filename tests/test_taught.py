"""What the lessons teach, their own code keeps: writing, serving, and saying which versions."""

import ast
import json
import os
import pathlib
import urllib.request
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest

ROOT = pathlib.Path(__file__).parent.parent


def sources(name):
    """The code cells of a notebook, as they stand."""
    cells = nbformat.read(ROOT / f"{name}.ipynb", as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def function(signature, lesson, **known):
    """A function out of a lesson, with the names that it needs."""
    (source,) = [one for one in sources(lesson) if f"def {signature}" in one]
    (found,) = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    exec(compile(ast.Module([found], []), lesson, "exec"), known)
    return known[found.name]


def answer(problem):
    """The code of a solution, executed."""
    first = f"%%answer {problem}\n"
    (source,) = [one for one in sources(f"solutions/{problem}") if one.startswith(first)]
    made = {}
    exec(source.partition("\n")[2], made)
    return SimpleNamespace(**made)


def test_a_model_that_is_there_is_never_half_of_one(tmp_path, monkeypatch):
    train = function("train(rows", "notebooks/3.1-pipeline-design", pathlib=pathlib, json=json)
    model = tmp_path / "model.json"

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(pathlib.Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            train([1, 2, 3], model)
    assert not model.exists()
    assert train([1, 2, 3], model) == "trained model.json"


def test_the_server_of_a_lesson_gives_away_nothing_beside_its_folder(tmp_path, monkeypatch):
    lesson = sources("notebooks/3.5c-configuration-and-tests")
    (source,) = [one for one in lesson if "serve(" in one]
    (tmp_path / "work").mkdir()
    (tmp_path / "secret").write_text("s")
    (tmp_path / "work" / "day.csv").write_text("d")
    monkeypatch.chdir(tmp_path / "work")
    given = {"Path": pathlib.Path}
    exec(source, given)
    assert asked(given["address"], "/day.csv") == b"d"
    assert asked(given["address"], "/../secret") is None


def asked(address, path):
    """What a server answers to exactly this path, or nothing."""
    try:
        with urllib.request.urlopen(address + path, timeout=10) as reply:
            return reply.read()
    except OSError:
        return None


@pytest.mark.parametrize("path", sorted(ROOT.glob("notebooks/*.ipynb")), ids=lambda path: path.name)
def test_a_logged_model_says_which_versions_can_read_it(path):
    logged = [one for one in sources(f"notebooks/{path.stem}") if "log_model(" in one]
    assert not [one for one in logged if '"pip_requirements": [' in one]


def test_the_solution_leaves_an_ordinary_file_and_texts_as_they_are(tmp_path):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("shop,sales\nx,1\n")
    before = os.umask(0o022)
    try:
        answer("problem_3").process_data(str(source), str(target))
    finally:
        os.umask(before)
    assert pd.read_csv(target).to_dict("list") == {"shop": ["x"], "sales": [2]}
    assert oct(target.stat().st_mode & 0o777) == "0o644"
    assert sorted(os.listdir(tmp_path)) == ["in.csv", "out.csv"]
