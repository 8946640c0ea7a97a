"""What a file, a task or a learner is called, and what an error says, moves no terminal."""

import json
import os

import pytest
from test_cli import workbench

from workbench import Pipeline, run

NAME = "\x1b[31m[/red]\x07\u202e"
PIPELINE = """
from workbench import Pipeline
one = Pipeline({name!r})
one.task(lambda: 1 / 0, name={name!r})
"""


def harmless(done):
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert said
    assert all(sign.isprintable() or sign in "\n\t\xa0" for sign in said), ascii(said)
    return said


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / NAME.replace("/", "")
    folder.mkdir()
    (folder / f"{NAME.replace('/', '')}.py").write_text(PIPELINE.format(name=NAME.replace("/", "")))
    return folder


COMMANDS = {
    "draw": ["draw", "{file}"],
    "step": ["step", "{folder}", "--list"],
    "run-pipeline": ["run-pipeline", "{file}"],
    "prove": ["prove", "{file}"],
    "nothing to draw": ["draw", "{folder}/no"],
    "nothing to step": ["step", "{folder}/no", "--list"],
    "no run": ["run", "{folder}/no.ipynb"],
    "no page": ["page", "{folder}/no"],
    "no why": ["why", "{folder}/no", "{name}"],
    "no grade": ["grade", "{folder}/no"],
    "no collect": ["collect", "{folder}/no", "--into", "{folder}/class"],
    "no report": ["report", "{folder}/no"],
    "no export": ["export", "{folder}/no", "--for", "{name}"],
    "no forget": ["forget", "{folder}/no", "{name}"],
    "no option": ["draw", "--{name}"],
    "new": ["new", "{file}"],
    "check": ["check", "problem_3", "{file}"],
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_no_command_says_anything_to_the_terminal(place, words):
    (file,) = place.iterdir()
    given = {"file": file, "folder": place, "name": NAME}
    harmless(workbench(*(word.format(**given) for word in words)))


def test_a_record_says_nothing_to_the_terminal(tmp_path):
    pipeline = Pipeline("sent")
    pipeline.task(lambda: 1 / 0, name="a")
    text = (run(pipeline).folder / "record.jsonl").read_text()
    hostile = json.dumps(f"a{NAME}")[1:-1]
    text = text.replace('"a"', f'"{hostile}"').replace("division", hostile)
    (tmp_path / "record.jsonl").write_text(text)
    for words in (["draw"], ["why"]):
        named = [f"a{NAME}"] if words == ["why"] else []
        done = workbench(*words, tmp_path / "record.jsonl", *named)
        assert done.returncode == 0
        assert "\\x1b" in harmless(done)


def test_a_learner_says_nothing_to_the_terminal(tmp_path):
    (tmp_path / "in" / NAME.replace("/", "")).mkdir(parents=True)
    (tmp_path / "in" / NAME.replace("/", "") / "problem_1.md").write_text(NAME)
    (tmp_path / "in" / NAME.replace("/", "") / f"{NAME.replace('/', '')}.ipynb").write_text("{}")
    harmless(workbench("grade", tmp_path / "in", "--out", tmp_path / "out"))
    harmless(workbench("collect", tmp_path / "in", "--into", tmp_path / "class"))
    harmless(workbench("report", tmp_path / "in", "--out", tmp_path / "out"))
    assert os.listdir(tmp_path / "out/feedback")
