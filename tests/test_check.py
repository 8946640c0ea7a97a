"""``workbench check``: one JSON object that keeps its schema, and the exit code to it."""

import json
import os
from pathlib import Path

import jsonschema
import pytest
from test_cli import workbench

from workbench.exercises import check
from workbench.exercises.answers import Answer
from workbench.exercises.registry import exercises

ROOT = Path(__file__).parent.parent
OUTCOMES = ["passed", "failed", "not_attempted", "needs_review", "unusable"]
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "schema",
        "problem",
        "outcome",
        "score",
        "max_score",
        "stretch",
        "seed",
        "confinement",
        "duration_s",
        "stopped",
        "criteria",
    ],
    "properties": {
        "schema": {"const": 1},
        "problem": {"type": "string"},
        "outcome": {"enum": OUTCOMES},
        "score": {"type": "number", "minimum": 0},
        "max_score": {"type": "number", "minimum": 0},
        "stretch": {
            "type": "object",
            "additionalProperties": False,
            "required": ["score", "max_score"],
            "properties": {
                "score": {"type": "number", "minimum": 0},
                "max_score": {"type": "number", "minimum": 0},
            },
        },
        "seed": {"type": "integer", "minimum": 0},
        "confinement": {
            "type": "object",
            "additionalProperties": False,
            "required": ["level", "namespaces", "landlock", "own_user"],
            "properties": {
                "level": {"enum": ["full", "partial", "limits"]},
                "namespaces": {"type": "boolean"},
                "landlock": {"type": "integer", "minimum": 0},
                "own_user": {"type": "boolean"},
            },
        },
        "duration_s": {"type": "number", "minimum": 0},
        "stopped": {"enum": [None, "time", "memory", "output", "exit"]},
        "criteria": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": [
                    "id",
                    "title",
                    "outcome",
                    "points",
                    "max_points",
                    "stretch",
                    "feedback",
                ],
                "properties": {
                    "id": {"type": "string"},
                    "title": {"type": "string"},
                    "outcome": {"enum": ["passed", "failed", "not_reached", "needs_review"]},
                    "points": {"type": "number"},
                    "max_points": {"type": "number"},
                    "stretch": {"type": "boolean"},
                    "feedback": {"type": "string"},
                },
            },
        },
    },
}


def checked(problem, file, code):
    """The report of a command line that ended with this exit code, its form verified."""
    done = workbench("check", problem, file, "--json", "--seed", 3)
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stdout.count("\n") == 1, "one JSON object and nothing else"
    report = json.loads(done.stdout)
    jsonschema.validate(report, SCHEMA)
    assert report["problem"] == problem
    return report


@pytest.mark.parametrize("problem", exercises())
def test_every_exercise_as_shipped_is_not_attempted(problem):
    report = checked(problem, ROOT / "exercises" / f"{problem}.ipynb", 1)
    assert (report["outcome"], report["score"]) == ("not_attempted", 0)


SLOW = ("problem_2", "problem_4")


@pytest.mark.parametrize(
    "problem",
    [pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in exercises()],
)
def test_every_solution_passes_with_full_points(problem):
    report = checked(problem, ROOT / "solutions" / f"{problem}.ipynb", 0)
    assert {each["outcome"] for each in report["criteria"]} == {"passed"}
    assert report["score"] == report["max_score"]
    assert report["stretch"]["score"] == report["stretch"]["max_score"]


@pytest.mark.parametrize(
    ("name", "text", "outcome", "code"),
    [
        ("a.py", "def process_data(input_file, output_file): ...", "failed", 1),
        ("a.py", "import os\nos._exit(0)", "failed", 1),
        ("a.py", "def (", "failed", 1),
        (
            "a.md",
            "Running it again gives the same result, so a failed run can be repeated safely.",
            "failed",  # there is no code
            1,
        ),
        ("a.txt", "It is fast.", "failed", 1),
        ("a.py", "", "not_attempted", 1),
        ("a.ipynb", '{"cells": []}', "unusable", 2),
        ("a.ipynb", "not a notebook", "unusable", 2),
        ("a.docx", "x", "unusable", 2),
        ("missing.py", None, "unusable", 2),
    ],
)
def test_whatever_is_handed_in_the_report_keeps_its_form(tmp_path, name, text, outcome, code):
    if text is not None:
        (tmp_path / name).write_text(text)
    assert checked("problem_3", tmp_path / name, code)["outcome"] == outcome


def notebook(*sources):
    return json.dumps({"cells": [{"cell_type": "code", "source": source} for source in sources]})


UNUSABLE = {  # what lies under the name, and what is said about it
    "other.ipynb": (
        notebook("%%answer problem_5\npass"),
        "no cell that begins with %%answer problem_3",
    ),
    "empty.ipynb": ("", "is not a notebook"),
    "list.ipynb": ("[]", "is not a notebook"),
    "deep.ipynb": ("[" * 100_000, "is not a notebook"),
    "odd.ipynb": ('{"cells": [{"cell_type": "code", "source": [1]}]}', "no cell that begins"),
    "latin.py": (b"caf\xe9", "not UTF-8"),
    "picture.ipynb": (b"\x89PNG\r\n\x1a\n\xff\x00", "not UTF-8"),
    "folder.py": (Path.mkdir, "directory"),
    "pipe.py": (os.mkfifo, "ordinary file"),
    "endless.py": (lambda path: path.symlink_to("/dev/zero"), "ordinary file"),
    "circle.py": (lambda path: path.symlink_to(path), "symbolic links"),
    "huge.py": (
        lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_RDWR), 1 << 40),
        "at most 24 MB",
    ),
    f"{'long' * 99}.py": (None, "name too long"),
}


@pytest.mark.parametrize("name", UNUSABLE, ids=lambda name: name[-20:])
def test_what_cannot_be_judged_is_told_in_a_line(tmp_path, name):
    content, said = UNUSABLE[name]
    path = tmp_path / name
    if callable(content):
        content(path)
    elif content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    report = check.check("problem_3", path)
    assert (report.outcome, report.exit_code) == ("unusable", 2)
    assert said.lower() in report.note.lower()
    assert "\n" not in report.note
    jsonschema.validate(json.loads(json.dumps(report.as_json())), SCHEMA)


def test_the_command_line_ends_with_2_for_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe.py")
    checked("problem_3", tmp_path / "pipe.py", 2)


def test_an_unknown_problem_cannot_be_judged(tmp_path):
    assert checked("problem_6", tmp_path / "a.py", 2)["criteria"] == []


def test_who_is_warm_for_words_judges_them_too():
    """Nothing has to be run for problem 1: that costs a process, and no error."""
    with check.warm("problem_1") as keeper:
        judged = check.judge("problem_1", Answer(prose="A DAG is a graph."), 7, keeper=keeper)
    assert judged.outcome == "failed"


def test_an_encoding_is_told_before_a_kind_that_does_not_fit(tmp_path):
    file = tmp_path / "problem_1.py"
    file.write_bytes("A DAG is directed.".encode("utf-16-le"))
    assert "save it as UTF-8" in check.check("problem_1", file).note
    file.write_text("A DAG is directed.")
    assert "has no code" in check.check("problem_1", file).note
