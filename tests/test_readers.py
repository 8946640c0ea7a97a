"""What is exported, read by the rules of who imports it: each reader is written after the other
side's own code or schema, as far as that decides what becomes of a line."""

import csv
import json
import re
import zipfile
from xml.etree import ElementTree

import pytest
from classes import put
from jsonschema import Draft202012Validator
from test_exports import cohort, exported, judged, reports  # noqa: F401 - fixtures

from workbench.cohort import collected
from workbench.cohort.collected import Line
from workbench.cohort.formats import rendered

WHOLE = {"type": "integer", "minimum": 0}
TEXT = {"type": "string", "minLength": 1}
# schemas/result-v1.schema.json of Classroom 50
RESULT = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        *("schema", "classroom", "assignment", "assignment_type", "owner", "submission"),
        *("commit", "release", "review", "datetime", "score", "max-score", "tests"),
    ],
    "properties": {
        "schema": {"const": "classroom50/result/v1"},
        **dict.fromkeys(("classroom", "assignment", "owner", "commit", "release", "review"), TEXT),
        "assignment_type": {"enum": ["individual", "group"]},
        "submission": {"type": "string", "pattern": "^submit/"},
        "datetime": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "score": WHOLE,
        "max-score": WHOLE,
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["test-name", "passed", "score", "max-score"],
                "properties": {
                    "test-name": TEXT,
                    "passed": {"type": "boolean"},
                    "score": WHOLE,
                    "max-score": WHOLE,
                },
            },
        },
    },
}
# junit-10.xsd of Jenkins' xUnit plugin: element → (attributes that it needs, that it may have,
# elements that may stand in it)
NAMED = {"name", "time", "classname", "group"}
COUNTED = {"name", "tests", "failures", "errors"}
MORE = {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"}
JUNIT = {
    "testsuite": (COUNTED, COUNTED | MORE, {"testsuite", "properties", "testcase"}),
    "testcase": ({"name"}, NAMED, {"skipped", "error", "failure"}),
    "failure": (set(), {"type", "message"}, set()),
    "skipped": (set(), {"type", "message"}, set()),
}


def moodles_worksheet(path):
    """participant → grade: the number is what stands behind `Participant `; a line without one is
    passed over (assignfeedback_offline_grade_importer)."""
    with path.open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert {"Identifier", "Grade", "Last modified (grade)"} <= set(lines[0])
    numbers = ((line["Identifier"][len("Participant ") :], line["Grade"]) for line in lines)
    return {int(number): grade for number, grade in numbers if number.isdecimal()}


def moodles_feedback(path):
    """participant → file: a part of the path is name_number_type_plugin with or without `_`
    (assignfeedback_file_zip_importer)."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            *folders, file = name.split("/")
            assert file[0] not in ".~"
            for part in folders:
                info = part.split("_", 4)
                if len(info) >= 4 and info[1].isdecimal():
                    assert info[2:4] == ["assignfeedback", "file"]
                    found[int(info[1])] = file
    return found


def canvass_gradebook(path):
    """(columns of assignments, points possible, student's id → grades) (GradebookImporter)."""
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert len(header) > 3
    assert ("Student" in header[0], "ID" in header[1]) == (True, True)
    begins = 3
    if "SIS Login ID" in header[2]:
        begins = 4
    elif "SIS User ID" in header[2] and "SIS Login ID" in header[3]:
        begins = 5
    assert "Section" in header[begins - 1]
    possible = [row[begins:] for row in rows if "Points Possible" in row[0]]
    others = (row for row in rows if "Points Possible" not in row[0])
    return header[begins:], possible, {row[1]: row[begins:] for row in others}


def jenkins_is_content(element):
    needed, may, inside = JUNIT[element.tag]
    assert needed <= set(element.attrib) <= may, (element.tag, element.attrib)
    for child in element:
        assert child.tag in inside
        jenkins_is_content(child)


MOODLES = {("11", "problem_1"): "Jane_Anne Doe_901", ("11", "problem_3"): "Jane_Anne Doe_955"}


@pytest.fixture
def of_moodle(cohort):  # noqa: F811
    """As it was collected from Moodle; of 13 a file lies there that is none."""
    lines = [
        Line(*whose, "1", "taken", "", f"export.zip/{name}_assignsubmission_file_/p.py")
        for whose, name in MOODLES.items()
    ]
    source = "export.zip/Zoe Zed_903_assignsubmission_file_/x.pdf"
    collected.write(cohort, [*lines, Line("13", "", "", "ignored", "", source)])
    put(cohort, {"feedback/11.html": "well done", "feedback/13.html": "not yet"})
    return cohort


def test_moodle_finds_each_participant(of_moodle):
    _, first, third, feedback = exported(of_moodle, "moodle")
    # Of 12 no number is known: that line is left out, and not handed in as somebody's.
    assert set(moodles_worksheet(first)) == {901, 903}
    assert moodles_worksheet(third) == {955: "100.00", 903: "0.00"}
    assert set(moodles_feedback(feedback)) == {901, 955, 903}


def test_canvas_finds_header_points_and_students(cohort):  # noqa: F811
    (path,) = exported(cohort, "canvas")
    columns, possible, grades = canvass_gradebook(path)
    assert (columns, possible) == (["problem_1", "problem_3"], [["8", "6"]])
    assert grades["12"][1] == ""  # a person decides: Canvas leaves what it has
    assert set(grades) == {"11", "12", "13"}


def test_jenkins_takes_the_junit_file(cohort):  # noqa: F811
    (path,) = exported(cohort, "junit")
    suite = ElementTree.parse(path).getroot()
    jenkins_is_content(suite)
    for count, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
        assert int(suite.get(count)) == sum(1 for _ in suite.iter(tag))


def test_classroom_50_takes_every_result(cohort):  # noqa: F811
    (folder,) = exported(cohort, "classroom50")
    found = sorted(folder.rglob("result.json"))
    assert len(found) == 4
    for path in found:
        result = json.loads(path.read_text())
        Draft202012Validator(RESULT).validate(result)
        for one in (result, *result["tests"]):
            assert one["score"] <= one["max-score"]
        assert result["owner"] in ("11", "12")


def test_classroom_50_is_told_what_its_runner_says(reports):  # noqa: F811
    known = {"CLASSROOM": "cs", "OWNER": "ada", "SUBMISSION_TAG": "submit/1-a", "COMMIT_URL": "u"}
    told = rendered("classroom50", reports["wrong"].as_json(), "", known)
    Draft202012Validator(RESULT).validate(told)
    assert (told["classroom"], told["owner"], told["submission"]) == ("cs", "ada", "submit/1-a")
    unread = rendered("classroom50", reports["unusable"].as_json(), "broken", known)
    Draft202012Validator(RESULT).validate(unread)
    assert (unread["score"], unread["max-score"]) == (0, 0)  # not 0 of 6


def test_gradescope_has_a_score_of_everything_or_of_nothing(cohort):  # noqa: F811
    (folder,) = exported(cohort, "gradescope")
    graded = 0
    for path in folder.rglob("results.json"):
        told = json.loads(path.read_text())
        tests = told.get("tests", [])
        assert ("score" in told) == bool(tests)
        assert all({"score", "max_score", "name"} <= set(test) for test in tests)
        assert {test["status"] for test in tests} <= {"passed", "failed"}
        graded += "score" in told
    assert 0 < graded < 4


def test_nbgrader_has_a_line_of_its_own_columns_for_each(cohort):  # noqa: F811
    """Its exporter writes a line for each assignment and student, and times as str(datetime)."""
    (path,) = exported(cohort, "nbgrader")
    with path.open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 6
    for line in lines:
        assert not line["score"] or float(line["score"]) <= float(line["max_score"])
        assert re.fullmatch(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\+\d\d:\d\d)?)?", line["duedate"])
