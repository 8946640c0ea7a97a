"""Points as learning systems import them, and all that is kept about a learner, taken away."""

import csv
import json
import shutil
import zipfile

import pytest
from classes import BAD, GOOD, ROOT, graded, put
from test_cli import workbench

from workbench import PipelineError
from workbench.cohort import collected, decisions, exports, ledger, roster
from workbench.cohort.collected import Line
from workbench.cohort.decisions import Decision
from workbench.cohort.formats import FORMATS, rendered
from workbench.cohort.grading import Grading
from workbench.cohort.handins import hand_ins
from workbench.exercises import check

RIGHT = ROOT / "tests/answers/problem_3/right_replace.py"
PEOPLE = """Student,ID,SIS User ID,SIS Login ID,Section,Email
    Points Possible,,,,,
"Doe, Jane",11,u11,jane,A,jane@example.edu
"Ray, Bob",12,u12,bob,A,bob@example.edu
"Zed, Zoe",13,u13,zoe,A,zoe@example.edu
"""


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    files = {
        "roster.csv": PEOPLE,
        "learners/11/1/problem_1.md": GOOD,
        "learners/11/1/problem_3.py": (
            ROOT / "tests/answers/problem_3/right_replace.py"
        ).read_text(),
        "learners/12/1/problem_1.md": BAD,
        "learners/12/1/problem_3.ipynb": "no notebook",
        "class.toml": "seed = 4\nstretch = true\n\n[weights]\nproblem_3 = 3\n",
    }
    root = put(tmp_path_factory.mktemp("judged") / "class", files)
    graded(root, seed=None)
    return root


@pytest.fixture
def cohort(judged, tmp_path):
    return shutil.copytree(judged, tmp_path / "class")


def exported(root, system):
    grading = Grading(root, hand_ins(root))
    whole = ledger.Ledger(root, grading.settings, grading.standings(), roster.read(root))
    return exports.write(system, whole)


def table(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_canvas_gets_its_own_columns_and_no_points_where_a_person_decides(cohort):
    (path,) = exported(cohort, "canvas")
    possible, jane, bob, zoe = table(path)
    assert list(jane)[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert possible["Student"].strip() == "Points Possible"
    assert (possible["problem_1"], possible["problem_3"]) == ("8", "6")
    assert (jane["Student"], jane["ID"], jane["SIS User ID"]) == ("Doe, Jane", "11", "u11")
    assert jane["problem_3"] == "6"  # five and a stretch, which counts here, and not more than all
    assert (bob["problem_3"], zoe["problem_3"]) == ("", "0")


def test_what_canvas_gets_is_known_to_it_again(cohort):
    """By what its own readers take: of the gradebook its numbers, of the name of a file two."""
    sources = {"11": "doejane_LATE_501_9001_Problem 3-1.ipynb", "12": "raybob_502_9002_p3.ipynb"}
    lines = [
        Line(learner, "problem_3", "1", "taken", "", f"submissions.zip/{source}")
        for learner, source in sources.items()
    ]
    collected.write(cohort, lines)
    put(cohort, {"feedback/11.html": "well done", "feedback/12.html": "not yet"})
    gradebook, feedback = exported(cohort, "canvas")
    assert [row["ID"] for row in table(gradebook)] == ["", "501", "502", "13"]
    with zipfile.ZipFile(feedback) as archive:
        told = {name: archive.read(name).decode() for name in archive.namelist()}
    numbers = {
        tuple(part for part in name.split("_") if part.isdecimal())[:2]: text
        for name, text in told.items()
    }
    assert numbers == {("501", "9001"): "well done", ("502", "9002"): "not yet"}
    again = {person.id: person.name for person in roster.read(cohort, gradebook)}
    assert again == {"501": "Doe, Jane", "502": "Ray, Bob", "13": "Zed, Zoe"}


def test_canvas_gets_no_number_of_another_system_and_tells_who_are_called_alike(tmp_path):
    files = {f"learners/{one}/1/problem_1.md": BAD for one in ("j101", "j104", "105")}
    people = "learner,name,participant\nj101,Jane Doe,101\nj104,Jane Doe,104\n"
    root = put(tmp_path / "class", files | {"roster.csv": people, "class.toml": "seed = 4\n"})
    lines = [
        Line(
            who,
            "problem_1",
            "1",
            "taken",
            "",
            name="X",
            source=f"e.zip/X_{number}_assignsubmission_file_/p1.md",
        )
        for who, number in (("j101", "101"), ("j104", "104"), ("105", "105"))
    ]
    collected.write(root, lines)
    graded(root, seed=None)
    _, *learners = table(exported(root, "canvas")[0])
    known = [(row["Student"], row["ID"], row["SIS Login ID"]) for row in learners]
    assert known == [("X (105)", "", ""), ("Jane Doe", "", "j101"), ("Jane Doe", "", "j104")]


def test_a_learners_own_name_for_a_file_is_no_number_of_a_system(cohort):
    names = {"11": "bob_12_9_p3.py", "12": "Jane_11_assignsubmission_file_p3.py"}
    lines = [
        Line(who, "problem_3", "1", "taken", "by its name, folders", f"homes/{who}/{name}")
        for who, name in names.items()
    ]
    collected.write(cohort, lines)
    assert [row["ID"] for row in table(exported(cohort, "canvas")[0])] == ["", "11", "12", "13"]
    sheet = table(next(path for path in exported(cohort, "moodle") if "problem_3" in path.name))
    assert [(row["Identifier"], row["Full name"]) for row in sheet] == [
        ("Participant 11", "Doe, Jane"),
        ("Participant 12", "Ray, Bob"),
        ("Participant 13", "Zed, Zoe"),
    ]


def test_moodle_gets_percents_of_at_most_a_hundred_and_a_worksheet_each(cohort):
    path, *sheets = exported(cohort, "moodle")
    jane, bob, _ = table(path)
    assert (jane["Email address"], jane["problem_3"]) == ("jane@example.edu", "100.00")
    first = float(jane["problem_1"])
    assert jane["Total"] == f"{(first + 3 * 100) / 4:.2f}"
    assert bob["Total"] == ""
    assert [sheet.name for sheet in sheets] == ["moodle-problem_1.csv", "moodle-problem_3.csv"]
    row = table(sheets[1])[0]
    assert (row["Identifier"], row["Grade"]) == ("Participant 11", "100.00")


def test_moodle_gets_its_own_numbers_and_feedback_to_upload(cohort):
    """Moodle reads `Participant N` and `…_N_assignfeedback_file_/`, N being its own number in that
    assignment, whatever the roster calls them."""
    sources = {("11", "problem_1"): "Jane Doe_901", ("11", "problem_3"): "Jane Doe_955"}
    sources |= {("12", "problem_1"): "Bob Ray_902"}
    lines = [
        Line(*whose, "1", "taken", "", f"export.zip/{name}_assignsubmission_file_/p.py")
        for whose, name in sources.items()
    ]
    collected.write(cohort, lines)
    put(cohort, {"feedback/11.html": "well done", "feedback/12.html": "not yet"})
    *_, first, third, feedback = exported(cohort, "moodle")
    numbers = [[row["Identifier"] for row in table(sheet)] for sheet in (first, third)]
    assert numbers[0][:2] == ["Participant 901", "Participant 902"]
    assert numbers[1][:2] == ["Participant 955", "Participant 902"]  # the only one he has
    with zipfile.ZipFile(feedback) as archive:
        assert sorted(archive.namelist()) == [
            "Bob Ray_902_assignfeedback_file_/feedback.html",
            "Jane Doe_901_assignfeedback_file_/feedback.html",
            "Jane Doe_955_assignfeedback_file_/feedback.html",
        ]
        assert archive.read("Jane Doe_901_assignfeedback_file_/feedback.html") == b"well done"
    before = feedback.read_bytes()
    assert exported(cohort, "moodle")[-1].read_bytes() == before


def test_one_assignment_of_several_problems_has_one_worksheet(cohort):
    """Moodle numbers a learner once an assignment; a worksheet for each problem would write one
    grade over the other."""
    lines = [
        Line(learner, problem, "1", "taken", "", f"e.zip/{name}_assignsubmission_file_/p.py")
        for learner, name in (("11", "Jane Doe_901"), ("12", "Bob Ray_902"))
        for problem in ("problem_1", "problem_3")
    ]
    exported(cohort, "moodle")
    collected.write(cohort, lines)
    gradebook, worksheet = exported(cohort, "moodle")
    assert worksheet.name == "moodle-worksheet.csv"
    grades = {row["Identifier"]: row["Grade"] for row in table(worksheet)}
    totals = {row["Full name"]: row["Total"] for row in table(gradebook)}
    assert grades == {"Participant 901": totals["Doe, Jane"], "Participant 902": ""}
    left = sorted(path.name for path in worksheet.parent.glob("moodle*"))
    assert left == ["moodle-worksheet.csv", "moodle.csv"]  # none of the older ones


def test_nbgrader_gets_what_its_own_exporter_writes(cohort):
    rows = table(exported(cohort, "nbgrader")[0])
    assert list(rows[0])[-4:] == ["raw_score", "late_submission_penalty", "score", "max_score"]
    points = {(row["student_id"], row["assignment"]): row["score"] for row in rows}
    assert points["11", "problem_3"] == "6"
    assert points["12", "problem_3"] == ""


@pytest.mark.parametrize(
    ("system", "file"), [("gradescope", "results.json"), ("classroom50", "result.json")]
)
def test_a_report_a_learner_and_problem(cohort, system, file):
    (folder,) = exported(cohort, system)
    found = {path.parts[-3:-1] for path in folder.rglob(file)}
    assert found == {(who, what) for who in ("11", "12") for what in ("problem_1", "problem_3")}
    json.loads((folder / "12/problem_3" / file).read_text())


def test_junit_is_well_formed(cohort):
    from xml.etree import ElementTree

    (path,) = exported(cohort, "junit")
    suite = ElementTree.parse(path).getroot()
    kinds = {(case.get("classname"), case.get("name")): [*case] for case in suite}
    assert kinds["12", "problem_3"][0].tag == "skipped"
    assert kinds["13", "problem_3"][0].tag == "failure"


def test_a_system_that_is_not_known_is_a_line(cohort, tmp_path):
    done = workbench("export", cohort, "--for", "sakai")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "the systems are canvas, moodle" in done.stderr
    put(tmp_path / "empty", {"learners/a/x": ""})
    with pytest.raises(PipelineError, match="nothing is graded yet"):
        exported(tmp_path / "empty", "canvas")


def test_the_command_says_what_a_person_has_to_decide(cohort):
    done = workbench("export", cohort, "--for", "canvas")
    assert done.returncode == 0, done.stderr
    assert f"still open: workbench review {cohort} (2 answers for a person)" in done.stdout


OUTCOMES = {
    "right": ("problem_3", "right_replace.py"),
    "wrong": ("problem_3", "miss_append.py"),
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    (folder / "broken.ipynb").write_text("no notebook")
    answers = ROOT / "tests/answers"
    files = {"unusable": folder / "broken.ipynb"}
    files |= {kind: answers / problem / name for kind, (problem, name) in OUTCOMES.items()}
    return {kind: check.check("problem_3", file, 3, words=False) for kind, file in files.items()}


@pytest.mark.parametrize("name", FORMATS)
def test_what_could_not_be_judged_has_no_points_and_is_not_0(reports, name):
    told = rendered(name, reports["unusable"].as_json(), reports["unusable"].note)
    # Classroom 50 knows an error by 0 of 0.
    assert not {"score", "fraction"} & set(told) or told["max-score"] == 0
    assert "is not a notebook" in json.dumps(told)


def test_each_platform_gets_the_points_in_its_own_way(reports):
    right, wrong = (reports[kind].as_json() for kind in ("right", "wrong"))
    assert rendered("prairielearn", right, "")["score"] == 1.0
    assert 0 < rendered("prairielearn", wrong, "")["score"] < 1
    assert rendered("coderunner", right, "")["fraction"] == 1.0
    tests = rendered("gradescope", right, "")["tests"]
    assert sum(test["max_score"] for test in tests if "stretch" not in test["name"]) == 5
    told = rendered("classroom50", wrong, "")
    assert told["score"] == wrong["score"]
    assert all(type(test["score"]) is int for test in told["tests"])


def test_check_prints_a_format_and_nothing_else():
    file = ROOT / "tests/answers/problem_5/right_plain.py"
    file = (
        file if file.exists() else sorted((ROOT / "tests/answers/problem_5").glob("right_*.py"))[0]
    )
    done = workbench("check", "problem_5", file, "--format", "gradescope", "--seed", 3)
    assert json.loads(done.stdout)["tests"]
    assert "the formats are" in workbench("check", "problem_5", file, "--format", "x").stderr


def test_nothing_of_a_learner_is_left_when_they_are_forgotten(cohort):
    put(cohort, {"feedback/11.html": "11", "feedback/12.html": "12"})
    decisions.add(cohort, Decision("11", "problem_1", "a", "directed", "passed"))
    exported(cohort, "moodle")
    export = cohort.parent / "export"
    shutil.copytree(cohort / "learners", export)
    done = workbench("forget", cohort, "11")
    assert done.returncode == 0, done.stderr
    assert "the export they came in still does" in done.stdout
    for path in cohort.rglob("*"):
        assert path.name.split(".")[0] != "11", path
        if path.is_file():
            text = path.read_text(errors="replace")
            assert "jane@example.edu" not in text, path
            assert "\n11," not in text, path
    assert {row["learner"] for row in table(cohort / "grades.csv")} == {"12", "13"}
    done = workbench("forget", cohort, "nobody")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
