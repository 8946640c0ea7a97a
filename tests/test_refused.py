"""What is refused unread is for a person, who decides it alone and for what it is then."""

from classes import ANSWER, NOTHING, graded, put, rows

from workbench.cohort import ledger
from workbench.cohort.grading import Grading
from workbench.cohort.handins import hand_ins
from workbench.feedback.desk import Desk


def desk_of(folder, out):
    handed_in = hand_ins(folder)
    return Desk(ledger.of(Grading(out, handed_in)), handed_in, "me")


def groups_of(desk):
    return {tuple(one.learner for one in question.answers) for question in desk.questions}


def passed(desk, learner):
    for question in desk.questions:
        if question.first.learner == learner:
            desk.decide(question.answers, question.criterion, "passed", "")


def test_different_files_of_one_wrong_name_are_decided_apart_and_anew(tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    put(folder, {"ann/problem_3_final.ipynb": ANSWER, "bob/problem_3_final.ipynb": NOTHING})
    put(folder, {"cy/problem_3_final.ipynb": NOTHING})
    graded(out, folder)
    desk = desk_of(folder, out)
    assert groups_of(desk) == {("ann",), ("bob", "cy")}  # equal ones at once, as ever
    passed(desk, "ann")
    outcomes = {learner: row["outcome"] for (learner, _), row in rows_now(out, folder).items()}
    assert outcomes == {"ann": "passed", "bob": "unusable", "cy": "unusable"}
    put(folder, {"ann/problem_3_final.ipynb": NOTHING})
    assert rows_now(out, folder)["ann", "problem_3"]["outcome"] == "unusable"


def rows_now(out, folder):
    graded(out, folder)
    return rows(out)


def test_several_files_for_one_problem_are_decided_apart(tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    for name, text in (("ann", ANSWER), ("bob", NOTHING)):
        put(folder, {f"{name}/problem_3.ipynb": text, f"{name}/problem_3 (1).ipynb": text})
    graded(out, folder)
    assert groups_of(desk_of(folder, out)) == {("ann",), ("bob",)}


def test_of_what_nothing_is_shown_one_is_not_taken_for_another(tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    for name, text in (("ann", ANSWER), ("bob", NOTHING)):
        put(folder, {f"{name}/work.ipynb": text})
        (folder / name / "problem_3.ipynb").symlink_to("work.ipynb")
    graded(out, folder)
    desk = desk_of(folder, out)
    assert groups_of(desk) == {("ann",), ("bob",)}
    passed(desk, "ann")
    assert rows_now(out, folder)["ann", "problem_3"]["outcome"] == "passed"
    (folder / "ann/problem_3.ipynb").unlink()
    (folder / "ann/problem_3.ipynb").symlink_to("other.ipynb")
    assert rows_now(out, folder)["ann", "problem_3"]["outcome"] == "unusable"


def test_what_changed_while_it_was_graded_is_decided_for_itself(tmp_path):
    names = ("ann", "bob")
    root = put(tmp_path, {f"learners/{name}/1/problem_1.md": "A graph." for name in names})

    def change(_):
        for name in names:
            put(root / f"learners/{name}/1", {"problem_1.md": f"A graph of {name}."})

    answers = [one.result.key.answer for one in graded(root, planned=change)]
    assert len(set(answers)) == len(names)
