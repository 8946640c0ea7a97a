"""Collecting: whatever is downloaded, each file is listed with what became of it and why."""

import csv
import io
import os
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from classes import ANSWER, CODE, NOTHING, collect, notebook, put, zipped
from test_cli import workbench
from test_layouts import LAYOUTS

from workbench import PipelineError
from workbench.cohort import collected, files, roster
from workbench.cohort.documents import words_of
from workbench.cohort.forgetting import forget


def test_attempts_are_counted_and_late_is_marked(tmp_path):
    content, _ = LAYOUTS["dated attempts"]
    # A date that stands in the folder of one alone could be their own.
    export = put(tmp_path / "in", content | {"bob/2026-11-20/problem_3.ipynb": ANSWER})
    done = workbench(
        "collect", export, "--into", tmp_path / "class", "--due", "2026-11-20T23:59:00"
    )
    assert done.returncode == 0, done.stdout
    lines = [line for line in collected.read(tmp_path / "class") if line.learner == "jane"]
    assert [(line.attempt, line.late) for line in lines] == [("1", "no"), ("2", "yes")]
    again = put(tmp_path / "more", {"jane/problem_3.ipynb": NOTHING})
    collect(tmp_path / "class", again)
    assert sorted(path.name for path in (tmp_path / "class/learners/jane").iterdir()) == list("123")


def test_one_that_is_for_a_person_is_taken_as_the_person_says(tmp_path):
    export = put(
        tmp_path / "in",
        {
            "jane/problem_3.ipynb": ANSWER,
            "jane/problem_3-Copy1.ipynb": NOTHING,
            "bob/essay.html": "<p>A node is a task.</p><p>An edge is a need.</p>",
            "bob/plan.pdf": "%PDF",
        },
    )
    root = tmp_path / "class"
    done = workbench("collect", export, "--into", root)
    assert done.returncode == 1
    assert done.stdout.count("for a person: ") == 4
    assert "several different ones: problem_3-Copy1.ipynb, problem_3.ipynb" in done.stdout
    said = {
        "in/jane/problem_3.ipynb": {"became": "taken"},
        "in/jane/problem_3-Copy1.ipynb": {"became": "ignored"},
        "in/bob/essay.html": {"became": "taken", "problem": "problem_1"},
        "in/bob/plan.pdf": {"became": "ignored"},
    }
    rows = [row | said[row["source"]] for row in files.rows_of(root / "collected.csv")]
    with (root / "collected.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, collected.COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    done = workbench("collect", export, "--into", root)
    assert done.returncode == 0, done.stdout
    assert "Next: workbench grade" in done.stdout
    text = (root / "learners/bob/1/problem_1.txt").read_text()
    assert text == "A node is a task.\nAn edge is a need."
    assert (root / "learners/jane/1/problem_3.ipynb").read_text() == ANSWER


def test_a_learner_is_known_behind_the_name_of_a_group(tmp_path):
    content = {"Team A-1-Ada-Lena Doe_7_assignsubmission_file_/p3.py": "x = 1"}
    people = [roster.Person("u1", "Ada-Lena Doe", {}), roster.Person("u2", "Bob", {})]
    export = zipped(tmp_path / "moodle.zip", content)
    assert [one.learner for one in collect(tmp_path / "class", export, people=people)] == ["u1"]


def test_who_is_called_alike_is_told_apart_by_a_column(tmp_path):
    names = "First name,Last name,ID number\nJane,Doe,u1\nJane,Doe,u2\nBob,Ray,u3\n"
    put(tmp_path, {"people.csv": names})
    content = {
        f"Jane Doe_{number}_assignsubmission_file_/{name}": f"# {number}"
        for number in (7, 8)
        for name in ("p3.py", "p5.py", "p2.py")
    }
    export, root = zipped(tmp_path / "moodle.zip", content), tmp_path / "class"
    done = workbench("collect", export, "--into", root, "--roster", tmp_path / "people.csv")
    assert done.returncode == 1
    assert "1 of 3 handed in nothing: u3" in done.stdout  # of the two called Jane, something came
    assert "p2.py and 2 more of theirs: 2 of the roster are called Jane Doe (u1, u2)" in done.stdout
    told = f"write 7 into a column `participant` of the right one in {root / 'roster.csv'}"
    assert told in done.stdout
    first, *people = names.splitlines()
    marked = [f"{first},participant", f"{people[0]},8", f"{people[1]},7", f"{people[2]},"]
    (root / "roster.csv").write_text("\n".join(marked))
    assert workbench("collect", export, "--into", root).returncode == 0
    assert (root / "learners/u2/1/problem_3.py").read_text() == "# 7"
    assert (root / "learners/u1/1/problem_3.py").read_text() == "# 8"


def test_one_notebook_of_several_answers_is_taken_as_all_a_person_names(tmp_path):
    text = notebook("%%answer problem_1\nA DAG.", f"%%answer problem_3\n{CODE}")
    export, root = put(tmp_path / "in", {"jane/all.ipynb": text}), tmp_path / "class"
    (line,) = collect(root, export)
    assert line.rule.endswith("as taken, its problem is problem_1, problem_3")
    with (root / "collected.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, collected.COLUMNS)
        writer.writeheader()
        told = {"became": "taken", "problem": "problem_1, problem_3"}
        writer.writerow(vars(line) | told)
    for _ in range(2):  # and it is remembered
        lines = collect(root, export)
        assert [(one.problem, one.became) for one in lines] == [
            ("problem_1", "taken"),
            ("problem_3", "taken"),
        ]
    inside = sorted(path.name for path in (root / "learners/jane/1").iterdir())
    assert inside == ["problem_1.ipynb", "problem_3.ipynb"]


DOCX = (
    '<w:p><w:r><w:t xml:space="preserve">A node is a </w:t></w:r><w:r><w:t>task &amp; more.</w:t>'
)
DOCX = f"<w:document><w:body>{DOCX}</w:r></w:p><w:p><w:t>No way back.</w:t></w:p></w:body>"
ODT = "<office:body><text:p>A node is a <text:span>task &amp; more.</text:span></text:p>"
ODT += "<text:p>No way back.</text:p></office:body>"


@pytest.mark.parametrize(
    ("name", "inside"), [("p.docx", {"word/document.xml": DOCX}), ("p.odt", {"content.xml": ODT})]
)
def test_the_words_of_a_document_are_read(tmp_path, name, inside):
    content = zipped(tmp_path / name, inside).read_bytes()
    assert words_of(Path(name).suffix, content) == "A node is a task & more.\nNo way back."
    assert words_of(Path(name).suffix, b"PK") is None
    assert words_of(Path(name).suffix, zipped(tmp_path / "x", {}).read_bytes()) is None


def test_the_roster_shows_who_is_missing_and_names_the_others(tmp_path):
    put(tmp_path, {"people.csv": "First name,Surname,Email address\nJane,Doe,jd@example.edu\n"})
    with (tmp_path / "people.csv").open("a") as file:
        file.write("Zoë,Zed,zz@example.edu\n")
    export = zipped(tmp_path / "moodle.zip", LAYOUTS["Moodle"][0])
    done = workbench(
        "collect", export, "--into", tmp_path / "class", "--roster", tmp_path / "people.csv"
    )
    assert "1 of 2 handed in nothing: zz@example.edu" in done.stdout
    assert "not in the roster: 12346 (Bob Ray)" in done.stdout
    assert (tmp_path / "class/learners/jd@example.edu/1/problem_3.ipynb").exists()


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("id,first_name,last_name,email\njane,Jane,Doe,j@x\n", ["jane"]),
        ("Student;ID;SIS User ID\nPoints Possible;;\nDoe, Jane;12345;u1\n", ["12345"]),
        ('Student,ID\n"Doe, Jane",1\n"Student, Test",2\n', ["1"]),
        ('"identifier","github_username","github_id","name"\n"j","jane","1",""\n', ["jane"]),
        ("username,first_name,last_name,email,section,github_id\njane,J,D,,1,2\n", ["jane"]),
        ("Name\tSID\tEmail\nJane Doe\t900\tj@x\n", ["900"]),
    ],
)
def test_a_roster_is_read_as_systems_make_it(tmp_path, text, ids):
    (tmp_path / "roster.csv").write_text(text)
    assert [person.id for person in roster.read(tmp_path)] == ids


def test_a_roster_of_nobody_is_a_line(tmp_path):
    (tmp_path / "r.csv").write_text("colour\nred\n")
    done = workbench("collect", tmp_path, "--into", tmp_path / "c", "--roster", tmp_path / "r.csv")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "it needs a column id, username or email" in done.stderr


@pytest.mark.parametrize(("word", "there"), [("Taken", True), (" TAKEN ", True), ("takn", False)])
def test_what_a_person_says_is_understood_or_a_line(tmp_path, word, there):
    export, root = put(tmp_path / "in", {"eve/essay.html": "<p>A DAG.</p>"}), tmp_path / "class"
    collect(root, export)
    lines = collected.read(root)
    collected.write(root, [replace(line, became=word, problem="problem_1") for line in lines])
    done = workbench("collect", export, "--into", root)
    assert (root / "learners/eve/1/problem_1.txt").exists() == there
    assert done.returncode == (0 if there else 2)
    assert there or "line 2 (in/eve/essay.html): 'takn' is none of taken, ignored" in done.stderr


def test_two_people_of_one_id_are_a_line_and_one_in_two_sections_is_one(tmp_path):
    (tmp_path / "roster.csv").write_text("id,name,section\n1,Ann,a\n2,Cy,a\n1,Ann,b\n")
    assert [person.id for person in roster.read(tmp_path)] == ["1", "2", "1"]
    (tmp_path / "roster.csv").write_text("id,name\n1,Ann\n1,Bob\n")
    with pytest.raises(PipelineError, match="line 3: Ann and Bob have one id, 1"):
        roster.read(tmp_path)


def test_links_and_paths_that_lead_out_are_never_opened(tmp_path):
    (tmp_path / "secret.ipynb").write_text(ANSWER)
    folder = put(tmp_path / "in", {"jane/problem_5.py": "x = 1"})
    (folder / "jane/problem_3.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (folder / "eve").symlink_to(tmp_path)
    os.mkfifo(folder / "jane/problem_4.py")
    path = zipped(tmp_path / "evil.zip", {"../../jane/problem_1.md": "x", "/etc/problem_2.py": "x"})
    with zipfile.ZipFile(path, "a") as archive:
        entry = zipfile.ZipInfo("bob/problem_3.ipynb")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, str(tmp_path / "secret.ipynb"))
    lines = collect(tmp_path / "class", folder, path)
    assert [line.problem for line in lines if line.became == "taken"] == ["problem_5"]
    rules = {line.source: line.rule for line in lines}
    assert "it is a link" in rules["in/jane/problem_3.ipynb"]
    assert "it is a link" in rules["in/eve"]
    assert "no ordinary file" in rules["in/jane/problem_4.py"]
    assert "it is a link" in rules["evil.zip/bob/problem_3.ipynb"]
    assert sum("leads out of the archive" in rule for rule in rules.values()) == 2


def test_a_bomb_is_not_unpacked(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("jane/problem_3.ipynb", bytes(64 << 20))
    deep = inner.getvalue()
    for _ in range(4):
        outer = io.BytesIO()
        with zipfile.ZipFile(outer, "w") as archive:
            archive.writestr("more.zip", deep)
        deep = outer.getvalue()
    (tmp_path / "deep.zip").write_bytes(deep)
    (tmp_path / "large.zip").write_bytes(inner.getvalue())
    lines = collect(tmp_path / "class", tmp_path / "deep.zip", tmp_path / "large.zip")
    assert {line.became for line in lines} == {"for a person"}
    assert any("too deep" in line.rule for line in lines)
    assert any("larger than 24 MB" in line.rule for line in lines)


def test_what_is_no_export_is_a_line(tmp_path):
    (tmp_path / "x.zip").write_text("no archive")
    with pytest.raises(PipelineError, match="neither a folder nor a zip"):
        collect(tmp_path / "class", tmp_path / "x.zip")
    with pytest.raises(PipelineError, match="neither a folder nor a zip"):
        collect(tmp_path / "class", Path("nowhere"))


def test_a_file_of_nobodys_is_for_a_person_and_code_and_words_are_one_attempt(tmp_path):
    content = {"problem_3.ipynb": ANSWER, "jane/problem_3.py": CODE, "jane/Problem 3.md": "Safe."}
    lines = collect(tmp_path / "class", put(tmp_path / "in", content))
    waiting = [line for line in lines if line.waits]
    assert [(line.learner, line.source) for line in waiting] == [("", "in/problem_3.ipynb")]
    inside = sorted(path.name for path in (tmp_path / "class/learners/jane/1").iterdir())
    assert inside == ["problem_3.md", "problem_3.py"]


def test_a_person_can_ignore_what_cannot_be_opened(tmp_path):
    """A broken archive has no hash: its line is found again by where it lies."""
    export = zipped(
        tmp_path / "e.zip", {"jane/problem_3.zip": "no archive", "jane/p1.md": "A DAG."}
    )
    root = tmp_path / "class"
    assert [line.became for line in collect(root, export) if line.waits] == ["for a person"]
    table = root / "collected.csv"
    table.write_text(table.read_text().replace("for a person", "ignored"))
    assert not [line for line in collect(root, export) if line.waits]
    table.write_text(table.read_text().replace(",problem_3,,ignored", ",problem_3,,taken"))
    with pytest.raises(PipelineError, match="cannot be judged"):
        collect(root, export)


def test_a_name_of_two_signs_is_that_of_one(tmp_path):
    export = zipped(tmp_path / "e.zip", {"Jo\u0308rg_7_assignsubmission_file_/p3.ipynb": ANSWER})
    person = roster.Person("u1", "J\u00f6rg", {})
    assert [line.learner for line in collect(tmp_path / "class", export, people=[person])] == ["u1"]


def test_of_a_group_each_keeps_what_a_person_has_said_of_them(tmp_path):
    people = "".join(f"    - :sid: '{sid}'\n" for sid in ("900", "901", "900"))
    metadata = f"submission_1:\n  :submitters:\n{people}"
    folder = {"g/submission_metadata.yml": metadata, "g/submission_1/problem 1 and 3.md": "A DAG."}
    export, root = put(tmp_path / "in", folder), tmp_path / "class"
    waiting = [line for line in collect(root, export) if line.waits]
    assert [line.learner for line in waiting] == ["900", "901"]
    for learner, told in (("900", "problem_1"), ("901", "problem_3")):
        lines = [
            replace(line, became="taken", problem=told) if line.learner == learner else line
            for line in collected.read(root)
        ]
        collected.write(root, lines)
        lines = collect(root, export)  # after each of the two: the other still waits, or is kept
    for _ in range(2):
        taken = [(one.learner, one.problem) for one in lines if one.became == "taken"]
        assert taken == [("900", "problem_1"), ("901", "problem_3")]
        assert len(lines) == 3
        lines = collect(root, export)


def test_who_is_forgotten_stands_in_no_line_either(tmp_path):
    packed = zipped(tmp_path / "work.zip", {"p3.py": CODE, "__MACOSX/._p3.py": "x"}).read_bytes()
    name = "Zoe Lee_121_assignsubmission_file_/work.zip"
    export, root = zipped(tmp_path / "moodle.zip", {name: packed}), tmp_path / "class"
    assert {line.learner for line in collect(root, export)} == {"121"}
    forget(root, "121")
    assert "Zoe" not in (root / "collected.csv").read_text()
