"""When something was handed in: by the learning system, by nothing that a learner has packed."""

import io
import os
import zipfile
from datetime import datetime

import pytest
from classes import ANSWER, CODE, collect, notebook, put

from workbench.cohort import collected
from workbench.cohort.collected import Line
from workbench.cohort.collecting import Collecting

DUE = datetime(2026, 11, 20)
LATE, EARLY, AHEAD = (2026, 11, 29, 10, 0, 0), (2020, 1, 1, 0, 0, 0), (2030, 1, 1, 0, 0, 0)
IN_TIME = (2026, 11, 1, 0, 0, 0)
STAMP = "2026-11-29 10:00:00 UTC"
FORGED = "2020-01-01 10:00:00 UTC"


def dated(entries):
    """A zip whose entries say when they were changed."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for (name, text), date in entries:
            archive.writestr(zipfile.ZipInfo(name, date), text)
    return content.getvalue()


def inner(date, name="problem_3.ipynb"):
    return dated([((name, ANSWER), date)])


def impossible(date, clock=0):
    """A zip of whose entry no calendar has the date, as DOS writes it."""
    content = bytearray(inner(IN_TIME))
    listed = content.index(b"PK\x01\x02")
    for at in (10, listed + 12):
        content[at : at + 4] = clock.to_bytes(2, "little") + date.to_bytes(2, "little")
    return bytes(content)


MOODLE = "{}_assignsubmission_file_/{}".format
EXPORTS = {  # what lies in it, all handed in on November 29 but for what says otherwise
    "Moodle": [
        (MOODLE("Ann_101", "problem_3.ipynb"), ANSWER),
        (MOODLE("Mal_102", "h.zip"), inner(EARLY)),
        (MOODLE("Mol_103", "a.zip"), dated([(("b.zip", inner(EARLY)), EARLY)])),
        (MOODLE("Max_104", "2020-01-01 10-00/problem_3.ipynb"), ANSWER),
    ],
    "Moodle without folders": [("Mal_102_assignsubmission_file_h.zip", inner(EARLY))],
    "folders": [
        ("ann/problem_3.ipynb", ANSWER),
        ("mal/h.zip", inner(EARLY)),
        ("mel/2020-01-01/problem_3.ipynb", ANSWER),
        ("mia/timestamp.txt", FORGED),
        ("mia/ps1/problem_3.ipynb", ANSWER),
        ("mia/ps1/timestamp.txt", FORGED),
        ("mo.zip", inner(EARLY, "2020-01-01/problem_3.ipynb")),
        ("2020-01-01.zip", inner(EARLY, "max/problem_3.ipynb")),
    ],
    "one learner's folder": [("mal/2020-01-01/problem_3.ipynb", ANSWER)],
    "one learner's folder with a stamp": [
        ("mal/ps1/problem_3.ipynb", ANSWER),
        ("mal/ps1/timestamp.txt", FORGED),
    ],
    "dated attempts": [
        ("ann/2026-11-29/problem_3.ipynb", ANSWER),
        ("mal/2026-11-29/2020-01-01/problem_3.ipynb", ANSWER),
        ("mel/2026-11-29/h.zip", inner(EARLY, "2020-01-01/problem_3.ipynb")),
    ],
    "dated by learners": [
        ("ann/2020-01-01.zip", inner(EARLY)),
        ("bob.zip", inner(EARLY, "2020-01-01/problem_3.ipynb")),
    ],
    "nbgrader": [
        ("submitted/ann/ps1/problem_3.ipynb", ANSWER),
        ("submitted/ann/ps1/timestamp.txt", STAMP),
        ("submitted/mal/ps1/sub/problem_3.ipynb", ANSWER),
        ("submitted/mal/ps1/timestamp.txt", STAMP),
        ("submitted/mal/ps1/sub/timestamp.txt", FORGED),
        ("submitted/mel/ps1/2020-01-01/problem_3.ipynb", ANSWER),
        ("submitted/mel/ps1/timestamp.txt", STAMP),
        ("submitted/mia/ps1.zip", inner(EARLY)),
        (
            "submitted/max/ps1.zip",
            dated([(("timestamp.txt", FORGED), EARLY), (("p3.py", CODE), EARLY)]),
        ),
    ],
    "Canvas": [
        ("ann_101_5001_problem_3.ipynb", ANSWER),
        ("mal_102_5002_h.zip", inner(EARLY)),
        ("mel_LATE_103_5003_h.zip", inner(EARLY)),
    ],
    "no such date": [
        ("z0/h.zip", impossible(0)),
        ("zff/h.zip", impossible(0xFFFF, 0xFFFF)),
        ("feb30/h.zip", impossible(((2026 - 1980) << 9) | (2 << 5) | 30)),
    ],
}


def taken(tmp_path, content):
    export = tmp_path / "export.zip"
    export.write_bytes(content)
    lines = Collecting(tmp_path / "class").run([export], DUE)
    return {line.learner: line for line in lines if line.became == "taken"}


@pytest.mark.parametrize("layout", EXPORTS)
def test_what_a_learner_has_packed_says_nothing_of_when_it_came(tmp_path, layout):
    entries = EXPORTS[layout]
    lines = taken(tmp_path, dated((entry, LATE) for entry in entries))
    assert lines
    assert {line.late for line in lines.values()} == {"yes"}, lines
    assert {line.submitted[:10] for line in lines.values()} == {"2026-11-29"}


def test_whose_clock_is_ahead_is_not_late(tmp_path):
    entries = [
        (MOODLE("Fut_103", "h.zip"), inner(AHEAD)),
        (MOODLE("Fay_104", "h.zip"), impossible(0)),
    ]
    lines = taken(tmp_path, dated((entry, IN_TIME) for entry in entries))
    assert [line.late for line in lines.values()] == ["no", "no"]


def test_what_canvas_has_marked_stays_late_whatever_is_due(tmp_path):
    entries = [("ann_LATE_101_1_p3.ipynb", ANSWER), ("bob_102_2_a_LATE_1_2_p3.ipynb", ANSWER)]
    lines = taken(tmp_path, dated((entry, IN_TIME) for entry in entries))
    assert {learner: line.late for learner, line in lines.items()} == {"101": "yes", "102": "no"}


def test_a_folder_on_the_disk_has_its_own_time(tmp_path):
    export = put(tmp_path / "in", {"ann/problem_3.ipynb": ANSWER, "mal/x": ""})
    (export / "mal/h.zip").write_bytes(inner(EARLY))
    for path in export.rglob("*.*"):
        os.utime(path, (moment := datetime(*LATE).timestamp(), moment))
    lines = Collecting(tmp_path / "class").run([export], DUE)
    assert {line.late for line in lines if line.became == "taken"} == {"yes"}


def test_a_date_that_may_be_the_learners_own_is_told_and_sets_attempts_apart(tmp_path):
    more = notebook(f"%%answer problem_3\n{CODE}  # 2")
    content = {"ann/p3.ipynb": ANSWER, "mal/2020-01-01/p3.ipynb": ANSWER}
    content |= {"mal/2031-01-01/p3.ipynb": more}
    lines = collect(tmp_path / "class", put(tmp_path / "in", content))
    told = [(line.attempt, "it tells no time" in line.rule) for line in lines]
    assert sorted(told) == [("1", False), ("1", True), ("2", True)]


def test_an_attempt_is_late_as_its_last_file_is_which_counts_from_when_it_first_came():
    def line(file, late):
        return Line("ann", "problem_3", "1", "taken", "", f"e/{file}", file, late=late)

    whose = "ann", "problem_3", "1"
    for said, expected in {
        ("p.py no", "p.md yes"): "yes",
        ("p.md yes", "p.py no"): "yes",
        ("p.py no", "p.py yes"): "no",
        ("p.py yes", "p.py no", "p.md no"): "no",
        ("p.py yes", "p.md "): "yes",
        ("p.py ",): "",
    }.items():
        assert collected.late(line(*one.split(" ")) for one in said) == {whose: expected}
