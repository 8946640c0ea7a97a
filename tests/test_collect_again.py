"""What a teacher writes into the table of a class holds, and what seems to be nothing is told."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from classes import ANSWER, CODE, collect, notebook, put

from workbench import PipelineError
from workbench.cohort import collected, files, roster
from workbench.feedback.desk import LISTED

PEOPLE = [roster.Person("u3", "Ada-Maria von der Heide", {}), roster.Person("u4", "Jo Li", {})]


def said(root, source, **told):
    """The table of a class, in which a person has written this into the line of a file."""
    lines = [
        replace(line, **told) if line.source.endswith(source) else line
        for line in collected.read(root)
    ]
    collected.write(root, lines)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("jane/problem_3.py", {"became": "ignored"}),
        ("jane/problem_3.py", {"problem": "problem_5"}),
        ("jane/problem_3.py", {"learner": "u4"}),
        ("jane/notes.py", {"became": "taken", "problem": "problem_2"}),
        ("jane/problem_3 - copy.py", {"became": "taken", "problem": "problem_4"}),
    ],
)
def test_what_a_person_writes_into_any_line_holds(tmp_path, source, told):
    content = {
        "jane/problem_3.py": CODE,
        "jane/problem_1.md": "A DAG has no cycles.",
        "jane/notes.py": "import this",
    }
    content.setdefault(source, CODE)
    export, root = put(tmp_path / "in", content), tmp_path / "class"
    collect(root, export, people=PEOPLE)
    said(root, source, **told)
    for _ in range(2):
        lines = collect(root, export, people=PEOPLE)
        (line,) = (line for line in lines if line.source.endswith(source))
        assert {name: getattr(line, name) for name in told} == told
        assert line.rule == "a person said so"
    assert len(lines) == len(content)
    stored = [path for path in root.rglob("learners/*/*/*") if path.is_file()]
    assert len(stored) == sum(line.became == "taken" for line in lines)


def test_who_is_in_the_roster_by_now_is_no_persons_word(tmp_path):
    export = put(tmp_path / "in", {"heide/problem_3.py": CODE, "heide/problem_1.md": "A DAG."})
    root = tmp_path / "class"
    assert {line.learner for line in collect(root, export)} == {"heide"}
    people = [roster.Person("u3", "Heide", {})]
    lines = collect(root, export, people=people)
    assert {(line.learner, line.rule == "a person said so") for line in lines} == {("u3", False)}


def test_a_name_in_another_order_is_that_of_one(tmp_path):
    name = "von der Heide Ada-Maria_1003_assignsubmission_file_/problem_3.ipynb"
    export, root = put(tmp_path / "in", {name: ANSWER}), tmp_path / "class"
    assert [line.learner for line in collect(root, export, people=PEOPLE)] == ["u3"]
    two = [*PEOPLE, roster.Person("u5", "Heide Ada-Maria von der", {})]
    (line,) = collect(tmp_path / "other", export, people=two)
    assert (line.learner, line.waits) == ("1003", True)


def test_words_beside_code_that_lacks_them_are_for_a_person(tmp_path):
    content = {"jane/problem_3.py": CODE, "jane/explanation.md": "It can be run again."}
    content |= {"joe/problem_3.py": CODE, "joe/problem_3.md": "Safe.", "joe/notes.md": "Milk"}
    content |= {"kim/problem_5.py": CODE, "kim/notes.md": "Milk"}  # which asks for no words
    lines = collect(tmp_path / "class", put(tmp_path / "in", content))
    (waiting,) = (line for line in lines if line.waits)
    assert waiting.source == "in/jane/explanation.md"
    assert waiting.rule.endswith("; the words of problem_3 are missing")


def test_practice_is_told_from_what_answers_nothing(tmp_path):
    practice = notebook("%%answer practice_2\ndef load_settings(path, environ, arguments): ...")
    content = {"jane/practice_2.ipynb": practice, "jane/problem_3.ipynb": ANSWER}
    lines = collect(tmp_path / "class", put(tmp_path / "in", content))
    (line,) = (line for line in lines if line.became != "taken")
    assert (line.became, line.rule) == ("ignored", "it answers practice_2, which is in no grade")


@pytest.mark.parametrize("text", [None, "garbage\n", "learner;who\n"])
def test_a_table_that_is_not_there_or_no_such_table_is_a_line(tmp_path, text):
    table = tmp_path / "decided.csv"
    if text:
        table.write_text(text)
    with pytest.raises(
        PipelineError, match="decided.csv: .*(no such file|no column (learner|problem))"
    ):
        files.rows_of(table, LISTED[:5], missing=False)


def test_a_separator_that_a_table_names_is_its_own(tmp_path):
    table = tmp_path / "roster.csv"
    table.write_text("sep=;\r\nid;name\r\nu1;Li, Jo\r\n")
    assert [person.id for person in roster.read(tmp_path)] == ["u1"]
    table.write_text("id\tname\nu1\tJo\n", encoding="utf-16")
    assert [person.name for person in roster.read(tmp_path)] == ["Jo"]


def test_a_table_in_what_windows_has_instead_of_unicode_is_read(tmp_path):
    (tmp_path / "roster.csv").write_bytes("id;name\r\nu1;Müller, Jö\r\n".encode("cp1252"))
    assert [person.name for person in roster.read(tmp_path)] == ["Müller, Jö"]


def test_a_table_is_read_from_a_pipe(tmp_path):
    reading, writing = os.pipe()
    os.write(writing, b"learner,problem\nu1,problem_1\n")
    os.close(writing)
    assert files.rows_of(Path(f"/dev/fd/{reading}"), ["learner"]) == [
        {"learner": "u1", "problem": "problem_1"}
    ]
    os.close(reading)


@pytest.mark.parametrize("folder", ["problem_3", "Problem 3", "problem_3.zip"])
def test_a_problem_is_no_learner(tmp_path, folder):
    content = {f"{folder}/alice.ipynb": ANSWER, f"{folder}/bob.ipynb": ANSWER, "joe/p3.md": "Safe."}
    lines = collect(tmp_path / "class", put(tmp_path / "in", content))
    told = [(line.learner, line.waits) for line in lines]
    assert told == [("", True), ("", True), ("joe", False)]
