"""Collecting exports into a class: every file is listed with what became of it.

learners/<id>/<attempt>/problem_N.ipynb and so on, as handed in; attempts are counted per problem.
Who writes `taken` and a problem, `ignored`, or another learner of the roster into a file's line
decides it; collecting the same export again then does as the line says.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from workbench.cohort import collected, files, roster
from workbench.cohort.collected import IGNORED, LESS, TAKEN, WAITS, Line
from workbench.cohort.handins import LEARNERS, in_order
from workbench.cohort.layouts import Owned
from workbench.cohort.owners import owned
from workbench.cohort.pieces import (
    A_PERSON,
    AFTERWARDS,
    ASIDE,
    CLASH,
    Piece,
    untangled,
    with_words,
    without_alone,
)
from workbench.cohort.recognition import File, is_of_the_course
from workbench.cohort.settings import settled
from workbench.cohort.sources import files_of
from workbench.exercises.registry import graded
from workbench.graph import PipelineError
from workbench.sandbox.message import in_a_line

NOBODYS = "nothing says whose it is: it lies in no learner's folder"


def stand_apart(root: Path, exports: Iterable[Path]) -> None:
    """Raise PipelineError where a class would be collected into itself."""
    whole = root.resolve()
    for export in exports:
        place = export.resolve()
        within = whole.is_relative_to(place) or place.is_relative_to(whole / LEARNERS)
        if within and export.is_dir():
            raise PipelineError(
                f"{export}: the class {root} lies in it, or it in what that class has collected; "
                "give a folder beside it to --into"
            )


@dataclass
class Collecting:
    """Collecting into one class. Raise PipelineError for what is no export, and where nothing can
    be written."""

    root: Path
    people: Sequence[roster.Person] = ()
    earlier: Sequence[Line] = field(init=False)

    def __post_init__(self) -> None:
        self._people: dict[str, list[str]] = defaultdict(list)
        self._mixed: dict[frozenset[str], list[str]] = defaultdict(list)
        titles = (roster.PARTICIPANT, *roster.IDS)
        self._numbers = {person.called(title) for person in self.people for title in titles}
        self._numbers |= {person.id for person in self.people}
        for person in self.people:
            for name in person.known_as:
                self._people[name].append(person.id)
            for words in {frozenset(name.split()) for name in person.known_as}:
                self._mixed[words].append(person.id)

    def _read(self) -> None:
        """What was collected by now; in your turn, or what another collects is lost."""
        self.earlier = collected.read(self.root)
        self._said: dict[tuple[str, str], list[Line]] = defaultdict(list)
        self._taken: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in self.earlier:
            self._said[line.source, line.sha256].append(line)
        for line in sorted(self.earlier, key=lambda one: in_order(one.attempt)):
            if line.attempt and line.became == TAKEN:
                self._taken[line.learner, line.problem].append(line)

    def run(self, exports: Iterable[Path], due: datetime | None = None) -> list[Line]:
        """Take in the exports; give the line of each of their files."""
        exports = [*exports]
        stand_apart(self.root, exports)
        with files.telling():
            (self.root / LEARNERS).mkdir(parents=True, exist_ok=True)
        settings = settled(self.root, due=due)
        with files.turn(self.root), ExitStack() as stack:
            self._read()
            pieces = [
                piece
                for number, export in enumerate(exports)
                for piece in self._pieces(number, export, stack)
            ]
            lines = self._stored(untangled(pieces))
            kept = collected.kept(self.earlier, lines)
            everything = [line.timed(settings.due) for line in (*kept, *lines)]
            everything.sort(key=lambda one: (one.learner, one.source, one.sha256))
            collected.write(self.root, everything)
            self._clear(everything)
        now = {line.row for line in lines}
        return [line for line in everything if line.row in now]

    def _pieces(self, number: int, export: Path, stack: ExitStack) -> list[Piece]:
        """What can be said of each file by itself."""
        laid_out = [File(one) for one in owned(files_of(export, stack), export.name)]
        folders, claims = defaultdict(set), defaultdict(set)
        for file in laid_out:
            one = file.owned
            folders[one.learner] |= set(one.rest.parents)
            claims[self._claim(one)] |= {one.learner} - {""}
        owners = defaultdict(dict)  # of each file: a group's is that of several
        for file in laid_out:
            own = is_of_the_course(file.owned.rest, folders[file.owned.learner])
            line = self._line(export, file, own, claims[self._claim(file.owned)])
            owners[line.source, line.sha256][line.learner] = file, line
        made = []
        for key, several in owners.items():
            said = _by_owner(self._said[key], [*several])
            for learner, (file, line) in several.items():
                lines = self._as_said(line, said[learner])
                made += [Piece(file, one, number) for one in lines]
        return with_words(without_alone(made))

    def _claim(self, one: Owned) -> tuple[object, ...]:
        """Who of the class it is, and in which part of an export: each has one number there."""
        return self._id(one.learner, one.name)[0], one.exported.path.parts[: one.depth]

    def _line(self, export: Path, file: File, of_the_course: bool, claims: set[str]) -> Line:
        one = file.owned
        source = in_a_line(f"{export.name}/{one.exported.path}")
        time = one.submitted.isoformat(timespec="seconds") if one.submitted else ""
        problem, rule, why = file.recognised()
        became = TAKEN if problem else IGNORED
        if of_the_course and not one.exported.refused:
            problem, rule, why, became = "", "the course's own, not an answer", "", IGNORED
        learner, doubt = self._id(one.learner, one.name)
        if len(claims) > 1 and one.learner not in self._numbers:
            ids = " and ".join(sorted(claims))
            doubt = (
                f"{ids} are called as one of the roster is, {learner}: {self._told(one.learner)}"
            )
            learner = files.folder_of(one.learner)
        if became == TAKEN and not why:
            why = one.doubt or (doubt if one.learner else NOBODYS)
        became = WAITS if why else became
        rule = why or (f"{rule}, {one.layout}" if became == TAKEN else rule)
        rule = in_a_line(rule)
        line = Line(learner, problem, "", became, rule, source, "", file.sha256, time, one.late)
        return replace(line, name=in_a_line(one.name))

    def _id(self, learner: str, name: str) -> tuple[str, str]:
        """The learner's id: the roster's, where it knows them by this id or name; and why that is
        in doubt."""
        # In a group, Moodle puts the group's name and a hyphen before the learner's.
        groups = [name[at + 1 :] for at, sign in enumerate(name) if sign == "-"]
        by_names = [self._called(text) for text in (name, *groups)]
        words = frozenset(roster.plain(name).split())
        mixed = self._mixed.get(words, []) if len(words) > 1 else []
        by_name, by_id = next(filter(None, [*by_names, mixed]), []), self._called(learner)
        known = by_id or by_name
        # A number may be somebody else's in another system.
        if by_id and by_name and {*by_id}.isdisjoint(by_name):
            marked = (one for one in self.people if one.called(roster.PARTICIPANT) == learner)
            told = [one.id for one in marked]  # by a person
            known = told or [*by_id, *by_name]
        if len(set(known)) == 1:
            return known[0], ""
        several = f"{len(known)} of the roster are called {name or learner} ({', '.join(known)})"
        return files.folder_of(learner), f"{several}: {self._told(learner)}" if known else ""

    def _called(self, text: str) -> list[str]:
        return self._people.get(roster.plain(text), [])

    def _told(self, learner: str) -> str:
        column = f"write {learner} into a column `participant` of the right one"
        return f"{column} in {self.root / roster.FILE}"

    def _as_said(self, line: Line, said: Sequence[Line]) -> list[Line]:
        """The line as a person has changed it: one for each problem that it is taken as."""
        if not said or any(one.waits for one in said):
            return [line]
        if not (line.waits or any(self._is_a_persons(one, line) for one in said)):
            return [line]
        changed = []
        for edited in said:
            for problem in re.findall(r"[^\s,;]+", edited.problem) or [""]:
                if edited.became == TAKEN and not (problem in graded() and edited.learner):
                    where = f"{self.root / collected.FILE}: {line.source}"
                    needs = "what is taken needs a learner and one of the problems"
                    raise PipelineError(f"{where}: {needs} ({', '.join(graded())})")
                same = edited.learner in (line.learner, *(person.id for person in self.people))
                whose = edited.learner if same else files.folder_of(edited.learner)
                own = {"learner": whose, "problem": problem}
                changed.append(replace(line, became=edited.became, rule=A_PERSON, **own))
        return [*dict.fromkeys(changed)]

    def _is_a_persons(self, said: Line, line: Line) -> bool:
        """Whether a person has changed what became of it: what is said by the rule by which the
        line is written anew, and is not what the line says."""
        if said.is_moved or said.rule.startswith((A_PERSON, CLASH.format(""))):
            return True
        if said.rule.startswith(ASIDE):
            return said.became == TAKEN
        if not said.rule.startswith(line.rule):
            return False
        wrote = WAITS if said.rule.endswith(AFTERWARDS) else line.became
        known = {person.id for person in self.people}
        is_named = said.learner in known and line.learner not in known
        return is_named or (said.became, said.problem) != (wrote, line.problem)

    def _clear(self, lines: Sequence[Line]) -> None:
        """Remove what was stored of a file that a person has put elsewhere, or wants ignored."""
        decided = {(line.source, line.sha256) for line in lines if line.rule == A_PERSON}
        held = {line.file for line in lines}
        for line in self.earlier:
            if line.file and line.file not in held and (line.source, line.sha256) in decided:
                (self.root / line.file).unlink(missing_ok=True)

    def _stored(self, pieces: list[Piece]) -> list[Line]:
        """Copy what is taken, attempt by attempt; what is there already stays where it is."""
        lines = [piece.line for piece in pieces if piece.line.became != TAKEN]
        attempts: dict[tuple[str, str, tuple], list[Piece]] = defaultdict(list)
        for piece in pieces:
            if piece.line.became == TAKEN:
                attempts[piece.attempt].append(piece)
        for learner, problem, group in sorted(attempts):
            stored = self._attempt(learner, problem, attempts[learner, problem, group])
            self._taken[learner, problem] += stored
            lines += stored
        return lines

    def _attempt(self, learner: str, problem: str, pieces: list[Piece]) -> list[Line]:
        home = self.root / LEARNERS / learner
        there = [path.parent for path in home.glob(f"*/{problem}.*")]
        numbers = sorted({path.name for path in there}, key=in_order)
        stored = ((piece, piece.suffix, piece.file.stored()[1]) for piece in pieces)
        names = {f"{problem}{suffix}": (piece, content) for piece, suffix, content in stored}
        # Handed in again as it was before is a later attempt, unless it was collected already.
        number = self._collected(pieces) or (numbers or [""])[-1]
        if not number or not all(
            _holds(home / number / name, content) for name, (_, content) in names.items()
        ):
            number = str(1 + max((int(name) for name in numbers if name.isdecimal()), default=0))
        for name, (_, content) in names.items():
            if not _holds(home / number / name, content):
                files.write(home / number / name, content)
        folder = f"{LEARNERS}/{learner}/{number}"
        before = [path for path in home.glob(f"*/{problem}.*") if _is_before(path, number)]
        last = max((path.parent.name for path in before), key=in_order, default="")
        more = sorted({path.name for path in before if path.parent.name == last} - {*names})
        less = f"; {LESS}{', '.join(more)} in {last}"
        whole = not more or f"{problem}.ipynb" in names
        return [
            replace(
                piece.line,
                attempt=number,
                file=f"{folder}/{name}",
                rule=piece.line.rule if whole else piece.line.rule + less,
            )
            for name, (piece, _) in names.items()
        ]

    def _collected(self, pieces: Iterable[Piece]) -> str:
        """The attempt as which just this was collected, where it is the last that was collected
        from its place in this export, or else in another; nothing where there is none."""
        attempts = set()
        for line in (piece.line for piece in pieces):
            own = self._taken[line.learner, line.problem]
            again = [one for one in own if one.source == line.source]
            again = again or [one for one in own if one.place == line.place]
            same = [one.attempt for one in again[-1:] if one.sha256 == line.sha256]
            attempts.update(same or [""])
        return attempts.pop() if len(attempts) == 1 else ""


def _is_before(path: Path, attempt: str) -> bool:
    """Whether it belongs to an attempt before this one."""
    return in_order(path.parent.name) < in_order(attempt)


def _by_owner(said: Iterable[Line], learners: Sequence[str]) -> Mapping[str, Sequence[Line]]:
    """Which lines of a file are about whom; those with a name that a person has put there are about
    the first owner who has none."""
    by = {learner: [] for learner in learners}
    named = []
    for line in said:
        by.get(line.learner, named).append(line)
    next((own for own in by.values() if not own), by[learners[0]]).extend(named)
    return by


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes() == content
