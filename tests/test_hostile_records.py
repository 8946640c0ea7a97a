"""A run that somebody sent is data: to look at it executes nothing, and what is none is a line."""

import contextlib
import io
import json
import os
import pickle
import random
from pathlib import Path

import joblib
import pytest
from test_cli import workbench
from typer.testing import CliRunner

from workbench import Pipeline, PipelineError, Record, run
from workbench.cli.app import app, reading
from workbench.panel.page import pair

KINDS = ("pickle", "joblib", "pkl", "JSON", "json.pickle", "")


class Planted:
    """What makes a folder where it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.fixture(params=KINDS)
def sent(request, tmp_path):
    """The folder of a run, one of whose outputs is a file of the kind that makes a folder."""
    pipeline = Pipeline("sent")
    pipeline.task(lambda: (1, 2), name="a")
    folder = run(pipeline).folder
    record = (folder / "record.jsonl").read_text()
    (old,) = {
        json.loads(line)["detail"]["file"] for line in record.split("\n") if '"output"' in line
    }
    name = f"outputs/a.{request.param}".rstrip(".")
    (tmp_path / "sent/outputs").mkdir(parents=True)
    (tmp_path / "sent/record.jsonl").write_text(record.replace(old, name))
    (tmp_path / "sent" / name).write_bytes(planted(tmp_path / "planted", request.param))
    return tmp_path / "sent"


def planted(path, kind):
    content = io.BytesIO()
    (joblib.dump if kind == "joblib" else pickle.dump)(Planted(path), content)
    return content.getvalue()


@pytest.mark.parametrize("what", ["", "record.jsonl"])
def test_the_page_of_a_run_that_somebody_sent_executes_nothing(sent, what):
    done = workbench("page", sent / what, "-o", sent / "run.html")
    assert (done.returncode, done.stderr) == (0, "")
    assert "its file could run code" in (sent / "run.html").read_text()
    both = pair(Record.load(sent), Record.load(sent))
    assert "its file could run code" in both
    assert not (sent.parent / "planted").exists()


def test_the_outputs_of_a_run_that_somebody_sent_execute_nothing(sent):
    record = Record.load(sent)
    assert "a" in record.outputs
    assert repr(record.outputs) == "{a: (1, 2)}"
    with pytest.raises(PipelineError, match="own=True"):
        record.outputs["a"]
    assert not (sent.parent / "planted").exists()
    with contextlib.suppress(Exception):  # of whatever the planted file is taken for
        Record.load(sent, own=True).outputs["a"]
    assert (sent.parent / "planted").exists()


def test_nothing_that_lies_elsewhere_is_in_the_page_of_a_run_that_somebody_sent(tmp_path):
    pipeline = Pipeline("sent")
    pipeline.task(lambda: print("x") or 5, name="a")
    folder = run(pipeline).folder
    (own,) = (folder / "outputs").glob("*.json")
    (log,) = folder.glob("logs/a/*.txt")
    kept = log.with_suffix(".received.json")
    (tmp_path / "secret").write_text('{"a": "secret"}')
    for path in (own, log, kept):
        path.unlink(missing_ok=True)
        path.symlink_to(tmp_path / "secret")
    assert "secret" not in Record.load(folder).page()
    for content in ("[", "5", "[" * 50_000):
        kept.unlink()
        kept.write_text(content)
        assert Record.load(folder).page()


def test_who_says_that_it_is_theirs_sees_it(tmp_path):
    pipeline = Pipeline("own")
    pipeline.task(lambda: (1, 2), name="a")
    execution = run(pipeline)
    assert "could run code" not in execution.page()
    for told in ([], ["--own"]):
        done = workbench("page", execution.folder, *told, "-o", tmp_path / "run.html")
        assert done.returncode == 0
        assert ("could run code" in Path(tmp_path / "run.html").read_text()) == (not told)


def failing():
    pipeline = Pipeline("sent")
    pipeline.task(lambda: (1, 2), name="a")
    pipeline.task(lambda a: a / 0, name="b", retries=1)
    return (run(pipeline).folder / "record.jsonl").read_text().splitlines()


def ways(value, way=()):
    """The way to every value in it."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*way, key)
            yield from ways(part, (*way, key))


def changed(value, way, other):
    whole = inside = json.loads(json.dumps(value))
    for key in way[:-1]:
        inside = inside[key]
    inside[way[-1]] = other
    return whole


BAD = (None, -1, 3, 1e308, float("nan"), 10**30, "x", "\ud800", [], [[]], {}, True)


def test_a_record_that_is_damaged_anywhere_is_shown_or_told_in_a_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = [json.loads(line) for line in failing()]
    drawn, path = random.Random(4), tmp_path / "record.jsonl"
    for way in drawn.sample([*ways(lines)], 25):
        for other in drawn.sample(BAD, 3):
            damaged = changed(lines, way, other) if len(way) > 1 else lines[: way[0]]
            path.write_text("".join(json.dumps(line) + "\n" for line in damaged))
            for command in (["draw"], ["page"], ["why", "b"]):
                command.insert(1, "record.jsonl")
                error = CliRunner().invoke(app, command).exception
                assert error is None or isinstance(error, PipelineError), (command, way, other)
                assert "\n" not in str(error)


DEEP = 50_000
DAMAGED = {
    "lists.yaml": "- " * DEEP,
    "mappings.yaml": "{" * DEEP,
    "keys.yaml": "? " * DEEP,
    "aliases.yaml": "a0: &a0 [x]\n"
    + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, DEEP // 10)),
    "argo.yaml": "kind: Workflow\napiVersion: argoproj.io/v1\nspec: []",
    "argo-2.yaml": "kind: Workflow\napiVersion: argoproj.io/v1\nspec: {templates: 5}",
    "argo-3.yaml": "kind: Workflow\nmetadata: 5\nspec: {templates: [{name: [], dag: {tasks: 5}}]}",
    "deep.json": "[" * DEEP,
    "choices.json": '{"StartAt": "a", "States": {"a": {"Type": "Choice", "Choices": 5}}}',
    "states.json": '{"StartAt": "a", "States": {"a": 5}}',
    "branches.json": '{"StartAt": "a", "States": {"a": {"Type": "Parallel", "Branches": [5]}}}',
    "kubeflow.yaml": "pipelineInfo: 5\nroot: 5\nschemaVersion: 2.1.0",
    "deep.jsonl": "[" * DEEP + "\n",
    "nothing.json": "\0" * 9,
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_file_that_is_damaged_is_told_in_a_line(tmp_path, name):
    (tmp_path / name).write_text(DAMAGED[name])
    error = CliRunner().invoke(app, ["draw", str(tmp_path / name)]).exception
    assert isinstance(error, PipelineError), error
    assert "\n" not in str(error)


def test_what_is_told_in_a_line_already_stays_as_it_is():
    with pytest.raises(PipelineError, match="^no such task$"), reading("record.jsonl"):
        raise PipelineError("no such task")
