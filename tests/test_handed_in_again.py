"""What is handed in again as it was before is what counts; collected again it is no new attempt."""

from dataclasses import replace

import pytest
from classes import collect, put

from workbench.cohort import collected
from workbench.cohort.collecting import Collecting
from workbench.cohort.handins import hand_ins
from workbench.cohort.roster import Person

X, Y = "def process_data(a, b): pass\n", "def process_data(a, b): return 1\n"
DATED = "jane/2026-11-0{}/problem_3.py"


def attempts(root):
    """What lies in each attempt, in their order, and that each has a line."""
    handed_in = hand_ins(root)
    lines = {line.file: line for line in collected.read(root)}
    stored = {str(one.file.relative_to(root.resolve())): one.file.read_text() for one in handed_in}
    assert {*stored} == {*lines}
    return [*stored.values()]


def test_a_change_that_was_taken_back_is_the_last_attempt(tmp_path):
    days = {DATED.format(day): text for day, text in enumerate((X, Y, X), 1)}
    days[DATED.format(1).replace("jane", "bob")] = Y
    export, root = put(tmp_path / "export", days), tmp_path / "class"
    other = put(tmp_path / "later", days | {DATED.format(4): Y})

    def numbers(place):
        return [line.attempt for line in collect(root, place) if line.learner == "jane"]

    for _ in "ab":
        assert numbers(export) == ["1", "2", "3"]
        assert attempts(root)[1:] == [X, Y, X]
    for _ in "ab":  # another download of the same has one more
        assert numbers(other) == ["1", "2", "3", "4"]
        assert len(hand_ins(root)) == 5
    assert numbers(export) == ["1", "2", "3"]


@pytest.mark.parametrize("name", ["export", "export {}"], ids=["the same name", "other names"])
def test_of_exports_one_after_the_other_the_last_counts(tmp_path, name):
    root = tmp_path / "class"
    for number, text in enumerate((X, Y, X), 1):
        files = {"jane/problem_3.py": text, "bob/problem_3.py": Y}
        export = put(tmp_path / str(number) / name.format(number), files)
        for _ in "ab":
            lines = {line.learner: line.attempt for line in collect(root, export)}
            assert lines == {"bob": "1", "jane": str(number)}
    jane = [one.file.read_text() for one in hand_ins(root) if one.learner == "jane"]
    assert jane == [X, Y, X]
    lines = [line for line in collected.read(root) if line.learner == "jane"]
    assert sorted(line.attempt for line in lines) == ["1", "2", "3"]


def test_two_who_collect_at_once_lose_no_line(tmp_path):
    """Each has read the class before the other writes, and waits for its turn."""
    exports = [put(tmp_path / name, {f"{name}/problem_3.py": X}) for name in ("ann", "bob")]
    both = [Collecting(tmp_path / "class") for _ in exports]
    for one, export in zip(both, exports, strict=True):
        one.run([export])
    assert [line.learner for line in collected.read(tmp_path / "class")] == ["ann", "bob"]
    assert attempts(tmp_path / "class") == [X, X]


@pytest.mark.parametrize(
    "people", [[], [Person(name, name.title(), {}) for name in ("ann", "bob")]]
)
def test_whose_a_file_is_can_be_put_right_whoever_it_was_taken_for(tmp_path, people):
    export, root = (
        put(tmp_path / "in", {"ann/problem_3.py": X, "bob/problem_1.md": Y}),
        tmp_path / "class",
    )
    anns, bobs = collect(root, export, people=people)
    collected.write(root, [replace(anns, learner="bob"), bobs])
    for _ in "ab":
        lines = collect(root, export, people=people)
        assert {line.source: line.learner for line in lines} == {
            "in/ann/problem_3.py": "bob",
            "in/bob/problem_1.md": "bob",
        }
        assert len(attempts(root)) == 2
