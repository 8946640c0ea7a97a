"""A class's points and feedback as Moodle imports them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from workbench.cohort import collected, files
from workbench.cohort.layouts import MOODLE
from workbench.cohort.ledger import Ledger

GRADEBOOK = ("Username", "ID number", "Email address", "Full name")
WORKSHEET = ("Identifier", "Full name", "Email address", "Grade", "Maximum Grade")
WORKSHEET += ("Last modified (grade)", "Feedback comments")
NEXT = (
    "In Moodle, for the gradebook: Grades, Import, CSV file: moodle.csv.",
    "Or in the assignment, View all submissions: Upload grading worksheet takes "
    "moodle-worksheet.csv, or of an assignment for each problem its moodle-problem_N.csv.",
    "There, Upload multiple feedback files in a zip takes moodle-feedback.zip, which is there once "
    "`workbench report` has written feedback.",
)
Participants = Mapping[tuple[str, str], tuple[str, str]]


def write(export: Ledger) -> Iterable[Path]:
    """A table for the gradebook's import, a worksheet for each assignment, and a zip of feedback;
    points in percent, which is what an assignment has unless it was changed."""
    for older in export.folder.glob("moodle-*"):
        older.unlink()
    learners = sorted(export.by_learner)
    rows = [[*_called(export, learner), *_percents(export, learner)] for learner in learners]
    columns = (*GRADEBOOK, *export.problems, "Total")
    yield export.table("moodle.csv", columns, rows)
    participants = _participants(export)
    for name, lines in _worksheets(export, participants).items():
        yield export.table(f"moodle-{name}.csv", WORKSHEET, lines)
    # Moodle takes the number from after the first underscore.
    pages = {
        f"{name.replace('_', ' ')}_{number}_assignfeedback_file_/feedback.html": page
        for (learner, _), (number, name) in participants.items()
        if (page := export.feedback(learner)).is_file()
    }
    if pages:
        yield files.zipped(export.folder / "moodle-feedback.zip", pages)


def _called(export: Ledger, learner: str) -> list[str]:
    person = export.person(learner)
    email = person.called("email address", "email") or (learner if "@" in learner else "")
    return [person.called("username"), person.called("id number"), email, person.name]


def _percents(export: Ledger, learner: str) -> list[str]:
    own = export.by_learner[learner]
    return [
        *(export.percent(own.get(problem)) for problem in export.problems),
        export.total(learner),
    ]


def _worksheets(export: Ledger, participants: Participants) -> dict[str, list]:
    """What an assignment is called here → its rows; one for all, where all were handed in there."""
    sheets: dict[str, list] = defaultdict(list)
    together = _together(participants)
    for learner, own in sorted(export.by_learner.items()):
        *_, email, name = _called(export, learner)
        grades = {
            problem: (export.percent(one), one.note) for problem, one in own.items() if problem
        }
        if together:
            notes = (
                f"{standing.problem or 'a file'}: {standing.note}"
                for standing in own.values()
                if standing.note
            )
            grades = {"worksheet": (export.total(learner), "; ".join(notes))}
        for sheet, (grade, note) in grades.items():
            number = _number(participants, learner, sheet) if participants else learner
            if number.isdecimal():  # Moodle passes over a line without its own number
                line = (f"Participant {number}", name, email, grade, "100", "", note)
                sheets[sheet].append(line)
    return sheets


def _together(participants: Participants) -> bool:
    """Whether several problems were handed in as one assignment: it numbers everybody once."""
    numbers: dict[str, list[str]] = defaultdict(list)
    for (learner, problem), (number, _) in participants.items():
        if problem:
            numbers[learner].append(number)
    several = [own for own in numbers.values() if len(own) > 1]
    return bool(several) and all(len(set(own)) == 1 for own in several)


def _participants(export: Ledger) -> dict[tuple[str, str], tuple[str, str]]:
    """(learner, problem) → the number that Moodle knows them by in that assignment, and the name
    that went with it; also of whom nothing was taken."""
    lines = sorted(collected.read(export.root), key=lambda line: line.became == collected.TAKEN)
    matches = {(line.learner, line.problem): line.named("Moodle", MOODLE) for line in lines}
    return {whose: (match["id"], match["name"]) for whose, match in matches.items() if match}


def _number(participants: Participants, learner: str, problem: str) -> str:
    """Where a problem was not handed in, the number of the only assignment that it can be in;
    nothing where there are several or none."""
    numbers = {number for (whose, _), (number, _) in participants.items() if whose == learner}
    own = participants.get((learner, problem))
    if own:
        return own[0]
    return numbers.pop() if len(numbers) == 1 else ""
