"""As long as a file of a learner waits for a person, whatever else they have says so."""

from classes import ANSWER, collect, graded, put, rows
from test_cli import workbench

from workbench.cohort import roster

TWO = ANSWER.replace(
    '"cells": [',
    '"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], '
    '"source": "%%answer problem_5\\nx = 1"}, ',
)
FILES = {
    "O Neil_78_assignsubmission_file_/problem_3.py": "def process_data(a, b): pass",
    "O Neil_78_assignsubmission_file_/more.pdf": "x",
    "Two In_83_assignsubmission_file_/hw.ipynb": TWO,
    "Tom_80_assignsubmission_file_/problem_3.ipynb": ANSWER,
    "Tom_80_assignsubmission_file_/problem_3 (1).ipynb": ANSWER.replace("pass", "1"),
    "Ann_81_assignsubmission_file_/problem_3.ipynb": ANSWER,
}


def test_who_has_a_file_that_waits_is_in_the_tables_with_a_word_of_it(tmp_path):
    put(tmp_path / "export", FILES)
    lines = collect(tmp_path / "class", tmp_path / "export")
    assert {line.learner for line in lines if line.waits} == {"78", "80", "83"}
    graded(tmp_path / "class")
    known = rows(tmp_path / "class")
    assert "more.pdf" in known["78", "problem_3"]["note"]
    assert "hw.ipynb" in known["83", ""]["note"]
    assert (known["83", ""]["outcome"], known["83", ""]["score"]) == ("needs_review", "")
    assert "waits" not in known["81", "problem_3"]["note"]
    for command in (["report"], ["export", "--for", "moodle"]):
        done = workbench(command[0], tmp_path / "class", *command[1:])
        assert done.returncode == 0, done.stderr
        assert "files of 3 learners wait" in done.stdout
    names = {path.name for path in (tmp_path / "class/export").iterdir()}
    assert "moodle-.csv" not in names


def test_who_is_in_the_roster_and_only_waits_has_no_points_yet(tmp_path):
    put(tmp_path / "export", FILES)
    (tmp_path / "class").mkdir()
    (tmp_path / "class/roster.csv").write_text("id,name,participant\na,Two In,83\nb,Ann,81\n")
    collect(tmp_path / "class", tmp_path / "export", people=roster.read(tmp_path / "class"))
    graded(tmp_path / "class")
    known = rows(tmp_path / "class")
    assert known["a", "problem_3"]["outcome"] == "needs_review"
    assert known["b", "problem_3"]["outcome"] != "needs_review"


def test_an_attempt_that_lacks_what_an_earlier_one_has_says_so(tmp_path):
    parts = {"py": "def process_data(a, b): pass", "md": "It may run twice."}
    first = {f"{name}/problem_3.{end}": parts[end] for name in ("emi", "ann") for end in parts}
    first["bob/problem_3.ipynb"] = first["zoe/problem_3.ipynb"] = ANSWER
    second = {f"{name}/problem_3.md": "It may run again." for name in ("emi", "bob")}
    second |= {"ann/problem_3.ipynb": ANSWER, "zoe/problem_3.ipynb": ANSWER.replace("pass", "1")}
    for _ in "ab":  # collected twice it is the same
        for number, files in enumerate((first, second), 1):
            collect(tmp_path / "class", put(tmp_path / f"export {number}", files))
        graded(tmp_path / "class")
        notes = {name: row["note"] for (name, _), row in rows(tmp_path / "class").items()}
        assert notes["emi"].endswith("an earlier attempt has more: problem_3.py in 1")
        assert notes["bob"].endswith("an earlier attempt has more: problem_3.ipynb in 1")
        assert "an earlier attempt" not in notes["ann"] + notes["zoe"]
