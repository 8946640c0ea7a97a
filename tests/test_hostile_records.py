"""A run that somebody sent is data: to look at it executes nothing, and what is none is a line."""

import io
import json
import os
import pickle
from pathlib import Path

import joblib
import pytest
from test_cli import workbench

from workbench import Pipeline, Record, run
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


def test_who_says_that_it_is_theirs_sees_it(tmp_path):
    pipeline = Pipeline("own")
    pipeline.task(lambda: (1, 2), name="a")
    execution = run(pipeline)
    assert "could run code" not in execution.page()
    for told in ([], ["--own"]):
        done = workbench("page", execution.folder, *told, "-o", tmp_path / "run.html")
        assert done.returncode == 0
        assert ("could run code" in Path(tmp_path / "run.html").read_text()) == (not told)
