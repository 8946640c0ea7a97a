"""Whatever a learner is called and hands in, the class has its table: every row, in whole files."""

import csv
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from classes import put
from lowered import USER
from test_cli import workbench

from workbench import PipelineError
from workbench.cohort.files import folder_of, harmless, rows_of, table
from workbench.cohort.grading import Grading
from workbench.cohort.handins import hand_ins

TEXT = "A DAG is directed."


def grade(folder, out):
    return Grading(out, hand_ins(folder), seed=1).run()


def handed_in(folder, *learners):
    for learner in learners:
        path = os.path.join(os.fsencode(folder), os.fsencode(learner))
        os.makedirs(path)
        with open(os.path.join(path, b"problem_1.md"), "w") as file:
            file.write(TEXT)


def rows(out):
    with (out / "grades.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


NAMES = {  # the learner's folder → how the table calls them, and the folder of their report
    b"anna": ("anna", "anna"),
    b"M\xfcller": ("M\\xfcller", "M%FCller"),
    b"grades.csv": ("grades.csv", "%67rades.csv"),
    b"Grades.CSV": ("Grades.CSV", "%47rades.CSV"),
    b"con": ("con", "%63on"),
    b"%63on": ("%63on", "%2563on"),
    b"%2563on": ("%2563on", "%252563on"),
    b"AUX.txt": ("AUX.txt", "%41UX.txt"),
    b"=cmd|'x'!A1": ("'=cmd|'x'!A1", "=cmd|'x'!A1"),
    b"@sum": ("'@sum", "@sum"),
    b"a\x1b[1mb": ("a\\x1b[1mb", "a%1B%5B1mb"),
    b"two\nlines": ("two\nlines", "two%0Alines"),
    b"x\t=1": ("x\t'=1", "x%09%3D1"),
    b"a;=1": ("a;'=1", "a;=1"),
    b"'=1": ("''=1", "'=1"),
    b".grades.csv.part": (".grades.csv.part", "%2Egrades.csv.part"),
    folder_of("x" * 250).encode(): (folder_of("x" * 250), folder_of(folder_of("x" * 250))),
    b"x" * 250: ("x" * 250, folder_of("x" * 250)),
    b"\xff" * 200: ("\\xff" * 200, folder_of("\udcff" * 200)),
    b"learners": ("learners", "%6Cearners"),
}


def test_a_learner_of_any_name_has_a_report_and_a_row(tmp_path):
    handed_in(tmp_path / "in", *NAMES)
    done = workbench("grade", tmp_path / "in", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert {row["learner"] for row in rows(tmp_path / "out")} == {
        name for name, _ in NAMES.values()
    }
    for _, folder in NAMES.values():
        assert json.loads((tmp_path / "out" / folder / "problem_1.json").read_text())


def test_no_two_learners_share_a_folder():
    assert len({folder for _, folder in NAMES.values()}) == len(NAMES)


def test_a_learner_of_any_name_has_a_page_and_is_forgotten_alone(tmp_path):
    names = ("anna", "anna.html", ".anna.html.part", "x" * 250, "con", "%63on")
    handed_in(tmp_path / "class/learners", *names)
    (tmp_path / "class/class.toml").write_text("seed = 1\n")
    for command in ("grade", "report"):
        done = workbench(command, tmp_path / "class")
        assert (done.returncode, done.stderr) == (0, "")
    pages = {f"{folder_of(name)}.html" for name in names}
    folder = tmp_path / "class/feedback"
    assert {path.name for path in folder.glob("*.html")} == pages
    assert workbench("forget", tmp_path / "class", "anna.html").returncode == 0
    assert {path.name for path in folder.glob("*.html")} == pages - {"anna.html.html"}
    assert workbench("forget", tmp_path / "class", "%63on").returncode == 0
    left = {path.name for path in (tmp_path / "class/learners").iterdir()}
    assert left == {*names} - {"anna.html", "%63on"}
    results = {path.name for path in (tmp_path / "class/results").iterdir()}
    assert results == {folder_of(name) for name in left}


@pytest.mark.parametrize("name", ["", ".", "..", "/", "results", "*"])
def test_who_forgets_nobody_loses_nothing(tmp_path, name):
    handed_in(tmp_path / "class/learners", "anna", "bob")
    (tmp_path / "class/class.toml").write_text("seed = 1\n")
    lines = "learner,problem,attempt,became,rule,source\n,,,for a person,lies in no folder,e/x.py\n"
    (tmp_path / "class/collected.csv").write_text(lines)
    assert workbench("grade", tmp_path / "class").returncode == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    done = workbench("forget", tmp_path / "class", name)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "nobody is called" in done.stderr
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


@pytest.mark.parametrize("cell", ["=1", "'=1", "''=1", "a;=1", "a;'=1", "a;;-1", ";@", "'a", "+"])
def test_a_cell_is_read_as_it_was_written(tmp_path, cell):
    (tmp_path / "a.csv").write_text(table(["a"], [[cell], ["b"]]))
    assert [row["a"] for row in rows_of(tmp_path / "a.csv")] == [cell, "b"]
    assert not harmless(cell).startswith(("=", "+", "-", "@"))
    assert not any(f";{sign}" in harmless(cell) for sign in "=+-@")


def test_nothing_that_is_meant_for_a_problem_goes_without_a_row(tmp_path):
    folder = tmp_path / "in"
    handed_in(folder, "anna")
    os.mkfifo(folder / "anna/problem_2.py")
    (folder / "anna/problem_3.py").mkdir()
    (folder / "anna/Problem_4.py").write_text("x")
    (folder / "anna/problem_5 (1).py").write_text("x")
    (folder / "anna/notes.txt").write_text("x")
    notes = {standing.problem: standing.note for standing in grade(folder, tmp_path / "out")}
    assert "ordinary file" in notes["problem_2"]
    assert "directory" in notes["problem_3"]
    assert "hand it in as problem_4.ipynb" in notes["problem_4"]
    assert "hand it in as problem_5.ipynb" in notes["problem_5"]
    assert [row["problem"] for row in rows(tmp_path / "out")] == [
        f"problem_{number}" for number in range(1, 6)
    ]


def test_a_link_in_the_place_of_a_report_is_replaced_and_never_followed(tmp_path):
    handed_in(tmp_path / "in", "eve")
    out = tmp_path / "out"
    (out / "eve").mkdir(parents=True)
    (tmp_path / "victim").write_text("precious")
    (out / "eve/problem_1.json").symlink_to(tmp_path / "victim")
    (out / "grades.csv").symlink_to(tmp_path / "victim")
    grade(tmp_path / "in", out)
    assert (tmp_path / "victim").read_text() == "precious"
    assert json.loads((out / "eve/problem_1.json").read_text())["problem"] == "problem_1"
    assert len(rows(out)) == 1
    (tmp_path / "other").mkdir()
    (tmp_path / "other/eve").symlink_to(tmp_path)
    with pytest.raises(PipelineError, match="it is a link; take it away, results go to there"):
        grade(tmp_path / "in", tmp_path / "other")


@pytest.mark.parametrize("where", ["in", "in/out", "link", "link/eve/out"])
def test_results_are_never_kept_where_a_learner_could_have_put_one(tmp_path, where):
    handed_in(tmp_path / "in", "eve", "out")
    (tmp_path / "link").symlink_to(tmp_path / "in")
    with pytest.raises(PipelineError, match="could plant one: not in"):
        grade(tmp_path / "in", tmp_path / where)
    assert not list((tmp_path / "in").rglob("class.toml"))
    assert len(grade(tmp_path / "in", tmp_path / "in-results")) == 2


def test_an_older_table_stays_where_a_learner_is_called_like_it(tmp_path):
    handed_in(tmp_path / "in", "anna", "grades.csv", "zoe")
    for _ in "ab":
        assert len(grade(tmp_path / "in", tmp_path / "out")) == 3
        assert {row["learner"] for row in rows(tmp_path / "out")} == {"anna", "grades.csv", "zoe"}


UNREADABLE = """
import sys
from pathlib import Path
from workbench.cohort.grading import Grading
from workbench.cohort.handins import hand_ins
folder = Path(sys.argv[1])
for one in Grading(folder / "out", hand_ins(folder / "in"), seed=1).run():
    print(one.learner, one.problem, one.outcome, one.note, sep="|")
"""


def test_a_folder_that_cannot_be_read_has_a_row():
    """Root reads it all the same; another user has a row that says so."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        handed_in(f"{folder}/in", "anna", "lea", "max", "zoe")
        handed_in(f"{folder}/apart", "eve")
        os.symlink("x" * 300, f"{folder}/in/dave")
        os.symlink(f"{folder}/apart/eve", f"{folder}/in/tom")
        lowered = []
        if os.getuid() == 0:
            lowered = [sys.executable, Path(__file__).with_name("lowered.py"), "user"]
            for path in (folder, *map(str, Path(folder).rglob("*"))):
                os.chown(path, USER, USER, follow_symlinks=False)
        os.chmod(f"{folder}/in/zoe/problem_1.md", 0)
        os.chmod(f"{folder}/in/max", 0)
        os.chmod(f"{folder}/in/lea", 0o444)  # its names may be read, and nothing in it
        os.chmod(f"{folder}/apart", 0)
        command = [*lowered, sys.executable, "-c", UNREADABLE, folder]
        own = {"HOME": folder, "WORKBENCH_HOME": f"{folder}/home"}
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, env=os.environ | own, cwd="/"
        )
    lines = [line.split("|") for line in done.stdout.splitlines()]
    told = {tuple(line[:2]): line[2:] for line in lines}
    assert told["anna", "problem_1"][0] != "unusable"
    assert told["zoe", "problem_1"][0] == "unusable"
    for learner in ("dave", "lea", "max", "tom"):
        assert told[learner, ""][0] == "unusable"
        assert "cannot be read" in told[learner, ""][1]


SPOILT = [  # what another program, or a hand, may do to a result
    lambda kept: kept.pop("outcome"),
    lambda kept: kept.update(outcome="weird"),
    lambda kept: kept.update(criteria=[1]),
    lambda kept: kept.update(score=float("nan")),
    lambda kept: kept.update(attempt=[1]),
    lambda kept: kept["criteria"][0].pop("feedback"),
    lambda kept: kept["key"].pop("seed"),
    lambda kept: kept.update(others=7),
]


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_result_that_was_spoilt_is_judged_anew(spoil, tmp_path):
    handed_in(tmp_path / "in", "anna", "max")
    grade(tmp_path / "in", tmp_path / "out")
    path, table = tmp_path / "out/anna/problem_1.json", rows(tmp_path / "out")
    kept = json.loads(path.read_text("utf-8"))
    spoil(kept)
    path.write_text(json.dumps(kept), "utf-8")
    assert len(grade(tmp_path / "in", tmp_path / "out")) == 2
    assert rows(tmp_path / "out") == table


def test_two_graders_at_once_lose_no_row(tmp_path):
    for number in range(4):
        handed_in(tmp_path / f"class {number}", f"a{number}", f"b{number}")
    with ThreadPoolExecutor(4) as threads:
        classes = [tmp_path / f"class {number}" for number in range(4)]
        for done in [threads.submit(grade, some, tmp_path / "out") for some in classes]:
            done.result()
    assert len(rows(tmp_path / "out")) == 8
    assert not list(tmp_path.glob("out/**/.problem*"))


FULL = """
import resource, signal, sys
from pathlib import Path
from workbench.cohort.grading import Grading
from workbench.cohort.handins import hand_ins
grading = Grading(Path(sys.argv[2]), hand_ins(Path(sys.argv[1])))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
grading.run()
"""


def test_where_there_is_no_room_nothing_is_left_half_written(tmp_path):
    handed_in(tmp_path / "in", "anna")
    out = tmp_path / "out"
    command = [sys.executable, "-c", FULL, tmp_path / "in", out]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "File too large; it is where the results go to" in done.stderr
    assert [path for path in out.rglob("*") if path.is_file() and path.suffix == ".json"] == []


@pytest.mark.parametrize("into", [".", "class", "class/of/it"])
def test_a_class_is_not_collected_into_itself(tmp_path, into):
    export, roster = tmp_path / "subs", tmp_path / "roster.csv"
    put(export, {f"{learner}/problem_1.md": TEXT for learner in ("anna", "bob")})
    roster.write_text("id,name\nanna,Anna\n")
    before = sorted(tmp_path.rglob("*"))
    for more in ((), ("--roster", roster)):
        done = workbench("collect", export, "--into", export / into, *more)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert "give a folder beside it to --into" in done.stderr
        assert sorted(tmp_path.rglob("*")) == before


def test_an_export_may_lie_in_the_folder_of_its_class(tmp_path):
    put(tmp_path / "subs", {f"{learner}/problem_1.md": TEXT for learner in ("anna", "bob")})
    for _ in range(2):
        done = workbench("collect", tmp_path / "subs", "--into", tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert "2 files: 2 taken" in done.stdout
    again = workbench("collect", tmp_path / "learners", "--into", tmp_path)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    for path in ("subs/anna", "subs/bob", "learners/anna/1", "learners/bob/1"):
        assert (tmp_path / path / "problem_1.md").read_text() == TEXT
