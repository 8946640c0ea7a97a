"""A learner's own names are named as another system names those of others: nobody gets these."""

from dataclasses import replace

import pytest
from classes import ANSWER, collect, put, zipped
from test_layouts import packed

from workbench.cohort import collected
from workbench.cohort.roster import Person

OTHER = ANSWER.replace("pass", "return 7")
TIME = "2026-11-20 10:00:00 UTC"
METADATA = "submission_{0}:\n  :submitters:\n  - :sid: '{0}'\n"
LAYOUTS = {  # how a system names what a learner has called otherwise; beside it, what it adds
    "Moodle": ("{2}_{0}_assignsubmission_file_/{1}", ""),
    "Moodle, older": ("{2}_{0}_assignsubmission_file/{1}", ""),
    "Moodle, a file": ("{2}_{0}_assignsubmission_file_{1}", ""),
    "Canvas": ("n{0}_{0}_50{0}_{1}", ""),
    "Canvas, late": ("n{0}_LATE_{0}_50{0}_{1}", ""),
    "nbgrader's exchange": (f"{{0}}+ps1+{TIME}+x/{{1}}", ""),
    "nbgrader": ("submitted/{0}/ps1/{1}", "submitted/{0}/ps1/timestamp.txt"),
    "Gradescope": ("assignment_1_export/submission_{0}/{1}", ""),
    "GitHub Classroom": ("problem-3-{0}/{1}", "problem-3-{0}/.git/config"),
    "Classroom 50": ("hw-submissions/hw-{0}/{1}", ""),
    "folders": ("{0}/{1}", ""),
    "home": ("home/{0}/{1}", ""),
    "folders that were zipped": ("{0}.zip/{1}", ""),
}
FILES = {  # what a learner hands in, as if 101 had
    "Moodle": "x_101_assignsubmission_file_/problem_3.ipynb",
    "Moodle, a file": "x_101_assignsubmission_file_problem_3.ipynb",
    "typed text of Moodle's": "x_101_assignsubmission_onlinetext_problem_3.ipynb",
    "Canvas": "x_101_7_problem_3.ipynb",
    "Canvas, late": "x_LATE_101_7_problem_3.ipynb",
    "nbgrader's exchange": f"101+ps1+{TIME}+x/problem_3.ipynb",
    "nbgrader": "submitted/101/ps1/problem_3.ipynb",
    "Gradescope": "submission_101/problem_3.ipynb",
    "GitHub Classroom": "problem-3-101/problem_3.ipynb",
    "Classroom 50": "hw-submissions/hw-101/problem_3.ipynb",
    "folders": "101/problem_3.ipynb",
}
BESIDE = {
    "nbgrader": {"submitted/101/ps1/timestamp.txt": TIME, "gradebook.db": "x"},
    "Gradescope": {"submission_metadata.yml": METADATA.format(101)},
}
CALLED = [file.removesuffix("problem_3.ipynb").strip("/") for file in FILES.values()]
CALLED = [name for name in CALLED if "/" not in name and name != "101"]
CALLED += ["students", "hw-submissions", "2026-11-20", "101+ps1", "3-101", "1-101"]


def handed_in(layout, who, file, content, name="N"):
    """As it lies in an export."""
    path, beside = LAYOUTS[layout]
    files = {path.format(who, file, name): content}
    return files | ({beside.format(who): TIME} if beside else {})


def of_a_class(layout, *learners):
    """The export of these hand-ins, each a learner and their files."""
    files = {}
    for who, own in learners:
        for file, content in own.items():
            files |= handed_in(layout, who, file, content)
    if layout == "Gradescope":
        told = "".join(METADATA.format(who) for who, _ in learners)
        files["assignment_1_export/submission_metadata.yml"] = told
    return files


def in_archives(files):
    """Those that lie in a zip, in one."""
    outer = {}
    for name, content in files.items():
        archive, _, inside = name.partition(".zip/")
        if inside:
            outer.setdefault(f"{archive}.zip", {})[inside] = content
        else:
            outer[name] = content
    return packed(outer)


def claim(imitated, archive=False):
    files = {FILES[imitated]: OTHER, **BESIDE.get(imitated, {})}
    return {f"work.zip/{name}": content for name, content in files.items()} if archive else files


def taken(tmp_path, files):
    lines = collect(tmp_path / "class", zipped(tmp_path / "in.zip", in_archives(files)))
    return {line.source.partition("/")[2]: line.learner for line in lines if line.attempt}


HONEST = [(who, {"problem_3.ipynb": ANSWER}) for who in ("101", "105", "107")]


@pytest.mark.parametrize("archive", [False, True], ids=["", "packed"])
@pytest.mark.parametrize("imitated", FILES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_learners_own_name_takes_nothing_from_others(tmp_path, layout, imitated, archive):
    own = taken(tmp_path, of_a_class(layout, *HONEST, ("103", claim(imitated, archive))))
    for who, files in HONEST:
        for file in files:
            assert own.pop(LAYOUTS[layout][0].format(who, file, "N")) == who
    assert {*own.values()} <= {"103"}


@pytest.mark.parametrize("archive", [False, True], ids=["", "packed"])
@pytest.mark.parametrize("imitated", FILES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_who_hands_in_alone_hands_in_for_nobody_else(tmp_path, layout, imitated, archive):
    own = taken(tmp_path, of_a_class(layout, ("103", claim(imitated, archive))))
    assert {*own.values()} <= {"103"}


@pytest.mark.parametrize("called", CALLED)
@pytest.mark.parametrize("layout", [name for name in LAYOUTS if "Canvas" not in name])
def test_what_a_learner_is_called_takes_nothing_from_others(tmp_path, layout, called):
    """Canvas leaves only letters and digits of a name."""
    files = of_a_class(layout, *HONEST)
    who, name = ("103", called) if "{2}" in LAYOUTS[layout][0] else (called, "")
    for file in ("101/problem_3.ipynb", "hw-101/problem_3.ipynb", "problem_3.ipynb"):
        files |= handed_in(layout, who, file, OTHER, name)
    own = taken(tmp_path, files)
    for honest, handed in HONEST:
        for file in handed:
            assert own.pop(LAYOUTS[layout][0].format(honest, file, "N")) == honest
    assert {*own.values()} <= {who, *({f"submission_{who}"} if layout == "Gradescope" else ())}


def test_what_two_layouts_read_otherwise_a_person_decides(tmp_path):
    name = handed_in("Canvas", "103", FILES["Moodle, a file"], ANSWER)
    export, root = put(tmp_path / "in", name), tmp_path / "class"
    (line,) = collect(root, export)
    assert (line.learner, line.became) == ("", "for a person")
    assert "it can be read as that of 101 or 103" in line.rule
    collected.write(root, [replace(line, learner="103", became="taken")])
    (line,) = collect(root, export)
    assert (line.learner, line.file) == ("103", "learners/103/1/problem_3.ipynb")


def test_one_folder_around_an_export_is_to_be_collected_itself(tmp_path):
    export = put(tmp_path / "in", {f"moodle/{FILES['Moodle']}": ANSWER})
    (line,) = collect(tmp_path / "class", export)
    assert (line.learner, line.became) == ("101", "for a person")
    assert line.rule.endswith("learner's, moodle: if that holds the export, collect that folder")
    (line,) = [one for one in collect(tmp_path / "class", export / "moodle") if one.attempt]
    assert (line.learner, line.became) == ("101", "taken")


def test_what_is_not_named_as_the_others_are_costs_only_itself(tmp_path):
    files = of_a_class("Moodle", *HONEST) | {"notes/problem_3.ipynb": OTHER, "READ.md": "Hello."}
    lines = collect(tmp_path / "class", put(tmp_path / "in", files))
    became = {line.source.partition("/")[2]: (line.became, line.learner) for line in lines}
    assert became.pop("notes/problem_3.ipynb") == ("for a person", "")
    assert became.pop("READ.md") == ("ignored", "")
    assert sorted(became.values()) == [("taken", who) for who, _ in HONEST]


PEOPLE = [
    Person("u1", "Jane Doe", {"id": "u1"}),
    Person("u2", "Bob Ray", {"id": "u2", "student_id": "8"}),
]


@pytest.mark.parametrize("name", ["Jane Doe", "Doe Jane", "x-Jane Doe"])
def test_who_takes_the_name_of_another_hands_in_for_nobody(tmp_path, name):
    export = {
        f"{called}_{number}_assignsubmission_file_/problem_3.ipynb": text
        for called, number, text in (("Jane Doe", 7, ANSWER), (name, 9, OTHER))
    }
    export, root = zipped(tmp_path / "in.zip", export), tmp_path / "class"
    lines = collect(root, export, people=PEOPLE)
    assert all(line.waits and "7 and 9 are called as one" in line.rule for line in lines), lines
    marked = [replace(PEOPLE[0], row={"id": "u1", "participant": "7"}), PEOPLE[1]]
    lines = collect(root, export, people=marked)
    assert [line.source[:11] for line in lines if line.learner == "u1"] == ["in.zip/Jane"]
    assert [line.became for line in lines if line.learner == "u1"] == ["taken"]


def test_a_number_that_is_somebody_elses_in_the_roster_is_for_a_person(tmp_path):
    export = {"Jane Doe_8_assignsubmission_file_/problem_3.ipynb": ANSWER}
    (line,) = collect(tmp_path / "class", zipped(tmp_path / "in.zip", export), people=PEOPLE)
    assert line.waits
    assert "(u2, u1)" in line.rule


def test_one_learner_has_a_number_in_each_of_several_downloads(tmp_path):
    export = {
        f"{week}/Jane Doe_{number}_assignsubmission_file_/problem_{number}.ipynb": text
        for week, number, text in (("a", 3, ANSWER), ("b", 2, ANSWER.replace("m_3", "m_2")))
    }
    lines = collect(tmp_path / "class", zipped(tmp_path / "in.zip", export), people=PEOPLE)
    assert [(line.learner, line.became) for line in lines] == [("u1", "taken")] * 2


def test_a_folder_with_the_name_of_another_is_for_a_person(tmp_path):
    two = OTHER.replace("problem_3", "problem_2")
    files = {"u1/problem_3.ipynb": ANSWER, "Jane Doe/problem_2.ipynb": two}
    lines = collect(tmp_path / "class", zipped(tmp_path / "in.zip", files), people=PEOPLE)
    told = {line.source: (line.learner, line.became) for line in lines}
    assert told["in.zip/u1/problem_3.ipynb"] == ("u1", "taken")
    assert told["in.zip/Jane Doe/problem_2.ipynb"] == ("Jane Doe", "for a person")


def test_who_is_called_as_a_branch_is_has_an_own_repository(tmp_path):
    names = ("jane", "jane-main", "bob")
    files = {f"problem-3-{name}/problem_3.ipynb": ANSWER for name in names}
    assert {*taken(tmp_path, files).values()} == {*names}
