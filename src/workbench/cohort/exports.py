"""A class's points as a learning system imports them, in CLASS/export/.

Points are at most the full ones; a stretch counts where class.toml says so; a cell is left empty as
long as a person has to decide.
"""

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from workbench.cohort import collected, files, formats, roster, table
from workbench.cohort.grading import Grading
from workbench.cohort.layouts import MOODLE
from workbench.cohort.settings import Settings
from workbench.cohort.standings import NOT_HANDED_IN, Standing
from workbench.graph import PipelineError

FOLDER = "export"
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
WORKSHEET = ("Identifier", "Full name", "Email address", "Grade", "Maximum Grade")
WORKSHEET += ("Last modified (grade)", "Feedback comments")
NBGRADER = ("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email")
NBGRADER += ("raw_score", "late_submission_penalty", "score", "max_score")


@dataclass(frozen=True)
class Export:
    """Everything that is known of a class, to be written in one of several ways."""

    root: Path
    settings: Settings
    standings: Sequence[Standing]
    people: Sequence[roster.Person]

    @property
    def folder(self) -> Path:
        return self.root / FOLDER

    @cached_property
    def problems(self) -> list[str]:
        return sorted({one.problem for one in self.standings if one.problem})

    @cached_property
    def by_learner(self) -> dict[str, dict[str, Standing]]:
        """The standings of each learner, by problem."""
        found: dict[str, dict[str, Standing]] = {person.id: {} for person in self.people}
        for one in self.standings:
            found.setdefault(one.learner, {})[one.problem] = one
        return found

    def person(self, learner: str) -> roster.Person:
        """Who it is by the roster; without one, their id is all that is known."""
        known = {person.id: person for person in self.people}
        return known.get(learner) or roster.Person(learner, learner, {})

    def points(self, standing: Standing | None) -> float | None:
        """What counts, at most the full score; None as long as a person has to decide."""
        if standing is None or standing.score is None:
            return None
        beyond = standing.stretch if self.settings.stretch else 0.0
        return min(standing.score + beyond, standing.max_score)

    def percent(self, standing: Standing | None) -> str:
        points = self.points(standing)
        return "" if points is None else f"{100 * points / (standing.max_score or 1):.2f}"

    def total(self, learner: str) -> str:
        """Their percent of everything by the weights; empty as long as anything is undecided."""
        own, weights = self.by_learner[learner], self.settings.weights
        shares = [self.percent(own.get(problem)) for problem in self.problems]
        each = [weights.get(problem, 1.0) for problem in self.problems]
        if not all(shares) or not sum(each):
            return ""
        sums = (float(share) * weight for share, weight in zip(shares, each, strict=True))
        return f"{sum(sums) / sum(each):.2f}"


def of(grading: Grading, standings: Sequence[Standing] | None = None) -> Export:
    """All that is known of a graded class; standings: where that was asked for already."""
    known = grading.standings() if standings is None else standings
    return Export(grading.root, grading.settings, known, roster.read(grading.root))


def write(name: str, export: Export) -> list[Path]:
    """Write it for this system; give the files. Raise PipelineError for one that is not known,
    and where nothing is graded yet."""
    if name not in WRITERS:
        raise PipelineError(f"--for {name}: the systems are {', '.join(WRITERS)}")
    if not export.standings:
        raise PipelineError(f"{export.root}: nothing is graded yet; workbench grade {export.root}")
    with files.turn(export.root):
        return list(WRITERS[name](export))


def _table(export: Export, name: str, columns: Sequence[str], rows: Iterable) -> Path:
    files.write(export.folder / name, files.table(columns, rows))
    return export.folder / name


def _canvas(export: Export) -> Iterable[Path]:
    """The gradebook's own columns, and the row that says how many points there are."""
    full = {one.problem: one.max_score for one in export.standings}
    rows: list[list[str]] = [["    Points Possible", *[""] * 4]]
    rows[0] += [f"{full[problem]:g}" for problem in export.problems]
    for learner, own in sorted(export.by_learner.items()):
        person = export.person(learner)
        known = [person.name, person.called("id") or learner]
        known += [person.called(column.casefold()) for column in CANVAS[2:]]
        points = (export.points(own.get(problem)) for problem in export.problems)
        rows.append([*known, *("" if value is None else f"{value:g}" for value in points)])
    yield _table(export, "canvas.csv", (*CANVAS, *export.problems), rows)


def _moodle(export: Export) -> Iterable[Path]:
    """One table for the gradebook's import, and a grading worksheet for each assignment; both in
    percent, which is what an assignment has unless it was changed."""
    rows, sheets = [], {problem: [] for problem in export.problems}
    participants = _participants(export)
    for learner, own in sorted(export.by_learner.items()):
        person = export.person(learner)
        email = person.called("email address", "email") or (learner if "@" in learner else "")
        known = [person.called("username"), person.called("id number"), email, person.name]
        percents = [export.percent(own.get(problem)) for problem in export.problems]
        rows.append([*known, *percents, export.total(learner)])
        for problem, standing in own.items():
            # Moodle passes over a line without its own number.
            number = _number(participants, learner, problem) if participants else learner
            if number.isdecimal():
                grade, note = export.percent(standing), standing.note
                known = [f"Participant {number}", person.name, email]
                sheets[problem].append([*known, grade, "100", "", note])
    columns = ("Username", "ID number", "Email address", "Full name", *export.problems, "Total")
    yield _table(export, "moodle.csv", columns, rows)
    for problem, lines in sheets.items():
        yield _table(export, f"moodle-{problem}.csv", WORKSHEET, lines)
    # Moodle takes the number from after the first underscore.
    pages = {
        f"{name.replace('_', ' ')}_{number}_assignfeedback_file_/feedback.html": page
        for (learner, _), (number, name) in participants.items()
        if (page := export.root / "feedback" / f"{files.folder_of(learner)}.html").is_file()
    }
    if pages:
        yield _zipped(export.folder / "moodle-feedback.zip", pages)


def _participants(export: Export) -> dict[tuple[str, str], tuple[str, str]]:
    """(learner, problem) → the number that Moodle knows them by in that assignment, and the name
    that went with it; also of whom nothing was taken."""
    lines = sorted(collected.read(export.root), key=lambda line: line.became == collected.TAKEN)
    found = {(line.learner, line.problem): MOODLE.search(line.source) for line in lines}
    return {
        whose: (match["id"], match["name"].rpartition("/")[2])
        for whose, match in found.items()
        if match
    }


def _number(participants: Mapping, learner: str, problem: str) -> str:
    """Where a problem was not handed in, the number of the only assignment that it can be in;
    nothing where there are several or none."""
    numbers = {number for (whose, _), (number, _) in participants.items() if whose == learner}
    own = participants.get((learner, problem))
    return own[0] if own else numbers.pop() if len(numbers) == 1 else ""


def _zipped(path: Path, pages: Mapping[str, Path]) -> Path:
    """What Moodle takes under "Upload multiple feedback files in a zip"; the same bytes for the
    same pages."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, page in sorted(pages.items()):
            archive.writestr(zipfile.ZipInfo(name), page.read_bytes(), zipfile.ZIP_DEFLATED)
    files.write(path, content.getvalue())
    return path


def _nbgrader(export: Export) -> Iterable[Path]:
    """As nbgrader's own CSV exporter writes it."""
    rows = []
    for one in export.standings:
        person, points = export.person(one.learner), export.points(one)
        last, first = person.called(*roster.LAST), person.called(*roster.FIRST)
        score = "" if points is None else f"{points:g}"
        known = (last, first, person.called("email address", "email"))
        whose = (one.problem, export.settings.due or "", "", one.learner, *known)
        rows.append((*whose, score, "0", score, f"{one.max_score:g}"))
    yield _table(export, "nbgrader.csv", NBGRADER, rows)


def _reports(name: str, file: str) -> Callable[[Export], Iterable[Path]]:
    """A report for each learner and problem, as a grader on that platform would have written it."""

    def write(export: Export) -> Iterable[Path]:
        shutil.rmtree(export.folder / name, ignore_errors=True)
        times = _times(export)
        for one in export.standings:
            if one.outcome != NOT_HANDED_IN and one.problem:
                empty = {"problem": one.problem, "criteria": ()}
                report = (one.report or empty) | {"outcome": one.outcome}
                time = times.get((one.learner, one.problem, one.attempt))
                known = {"OWNER": one.learner, "SUBMITTED_AT": time or "1970-01-01T00:00:00Z"}
                content = formats.rendered(name, report, one.note, known)
                path = export.folder / name / files.folder_of(one.learner) / one.problem / file
                files.write(path, json.dumps(content, indent=1) + "\n")
        yield export.folder / name

    return write


def _times(export: Export) -> dict[tuple[str, str, str], str]:
    """When each attempt was handed in, in UTC, where that is known."""
    taken = (line for line in collected.read(export.root) if line.attempt and line.submitted)
    return {
        (line.learner, line.problem, line.attempt): datetime.fromisoformat(line.submitted)
        .astimezone(UTC)
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        for line in taken
    }


def _junit(export: Export) -> Iterable[Path]:
    table.write(export.root, list(export.standings))
    yield export.root / table.JUNIT


NEXT = {  # what to do with them there
    "canvas": "In Canvas: Grades, Import; it asks for each problem_N whether that is a new "
    "assignment or which one it is.",
    "moodle": "In Moodle: Grades, Import, CSV file takes moodle.csv. In an assignment, Upload "
    "grading worksheet takes moodle-problem_N.csv, and Upload multiple feedback files in a zip "
    "takes moodle-feedback.zip, which is there once `workbench report` has written feedback.",
}
WRITERS: Mapping[str, Callable[[Export], Iterable[Path]]] = {
    "canvas": _canvas,
    "moodle": _moodle,
    "gradescope": _reports("gradescope", "results.json"),
    "classroom50": _reports("classroom50", "result.json"),
    "nbgrader": _nbgrader,
    "junit": _junit,
}
