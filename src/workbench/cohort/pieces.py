"""Files on their way into a class: what they become beside others of their learner."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from workbench.cohort.collected import IGNORED, TAKEN, WAITS, Line
from workbench.cohort.recognition import UNNAMED, File
from workbench.cohort.sources import TOOLS
from workbench.exercises.answers import SUFFIXES
from workbench.exercises.check import starter
from workbench.exercises.parts import Held, together
from workbench.exercises.registry import exercises
from workbench.sandbox.message import in_a_line

ALONE = "nothing else of this learner was taken"
WORDS = "the words of {} are missing"
AFTERWARDS = (ALONE, WORDS.rpartition("{}")[2])  # how a rule ends for which other files are asked
A_PERSON = "a person said so"
COPY = "the same as {}"
SET_ASIDE = "`workbench refresh` put it beside {}"
BEGUN = "no more than the exercise begins with, beside {}"
CHOSEN = "a person has chosen {}"
ASIDE = tuple(rule.partition("{}")[0] for rule in (COPY, SET_ASIDE, BEGUN, CHOSEN))
CLASH = "there are several different ones: {}"
MOST, MOST_OF_ALL = 50, 500  # files for one problem in an attempt, and in all of a learner's
FEW = 3  # of several files, those that are named


@dataclass(frozen=True)
class Piece:
    """A file on its way into the class."""

    file: File
    line: Line
    export: int  # the number of its export: a later one holds later attempts

    @property
    def attempt(self) -> tuple[str, str, tuple]:
        """What it is part of: the learner's, at a problem, which one."""
        return self.line.learner, self.line.problem, (self.export, *self.file.owned.group)

    @property
    def name(self) -> str:
        return self.file.owned.rest.name

    @property
    def kind(self) -> str:
        """Of what one attempt has one: a notebook, code, or words."""
        return SUFFIXES[self.suffix]

    @cached_property
    def suffix(self) -> str:
        """The ending that it is kept with: of code, that of code, whatever it is called. Raise
        PipelineError for what is no answer in any reading."""
        own = self.file.suffix
        if SUFFIXES.get(own) in ("code", "notebook"):
            return own
        suffix, _ = self.file.stored()
        held = self.held
        return ".py" if held and {*held.texts} == {"code"} else suffix

    @property
    def held(self) -> Held | None:
        """What it holds of an answer, read anew each time; None for what cannot be read."""
        return self.file.held(self.line.problem)

    @property
    def is_begun(self) -> bool:
        """Whether nothing is written in it, or no more than the exercise begins with."""
        held = self.held
        return held is not None and held.is_begun(_beginning(self.line.problem))

    @property
    def is_set_aside(self) -> bool:
        """Whether `workbench refresh` has kept it beside the exercise that began anew."""
        return bool(re.search(r"-before-\d+\.ipynb$", self.file.owned.rest.name))

    def becomes(self, became: str, rule: str) -> "Piece":
        """The same file, taken otherwise."""
        return replace(self, line=replace(self.line, became=became, rule=in_a_line(rule)))


def _beginning(problem: str) -> Mapping[str, str]:
    beginning = starter(exercises()[problem])
    return beginning.texts if beginning else {}


def without_alone(pieces: list[Piece]) -> list[Piece]:
    """A file that is ignored is for a person where nothing of its learner is taken."""
    heard = {piece.line.learner for piece in pieces if piece.line.became != IGNORED}
    return [
        piece.becomes(WAITS, f"{piece.line.rule}; {ALONE}")
        if piece.line.became == IGNORED
        and piece.line.learner not in {*heard, ""}
        and not piece.line.rule.startswith(TOOLS)
        and piece.line.rule != A_PERSON
        else piece
        for piece in pieces
    ]


def with_words(pieces: list[Piece]) -> list[Piece]:
    """A text that is ignored is for a person where a problem of its learner lacks its words."""
    parts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for piece in pieces:
        if piece.line.became == TAKEN:
            parts[piece.line.learner, piece.line.problem].add(piece.kind)
    lacking = {
        learner: problem
        for (learner, problem), kinds in parts.items()
        if kinds == {"code"} and "prose" in exercises()[problem].parts
    }
    return [
        piece.becomes(WAITS, f"{piece.line.rule}; {WORDS.format(lacking[piece.line.learner])}")
        if piece.line.became == IGNORED
        and piece.line.rule == UNNAMED
        and piece.line.learner in lacking
        and SUFFIXES.get(piece.file.suffix) == "prose"
        else piece
        for piece in pieces
    ]


def untangled(pieces: list[Piece]) -> list[Piece]:
    """Of equal files one is taken; different ones for the same are for a person; what the exercise
    begins with is put aside for anything else."""
    rest = [piece for piece in pieces if piece.line.became != TAKEN]
    taken = [piece for piece in pieces if piece.line.became == TAKEN]
    for problem in _grouped(taken, lambda piece: piece.attempt[:2]):
        compared, crowd = _without_a_crowd(problem, MOST_OF_ALL)
        rest += crowd
        for attempt in _grouped(compared, lambda piece: piece.attempt):
            several, crowd = _without_a_crowd(attempt, MOST)
            kept, aside = _without_beginnings(several)
            one_each = [
                piece
                for alike in _grouped(kept, lambda piece: piece.kind)
                for piece in _of_one_kind(alike)
            ]
            rest += [*crowd, *aside, *_of_all_kinds(one_each)]
    return rest


def _grouped(pieces: list[Piece], by: Callable[[Piece], object]) -> list[list[Piece]]:
    groups = defaultdict(list)
    for piece in pieces:
        groups[by(piece)].append(piece)
    return [*groups.values()]


def _without_a_crowd(several: list[Piece], most: int) -> tuple[list[Piece], list[Piece]]:
    """The files of a learner's, and none beside them; of more than anybody hands in, those that a
    person has chosen, and the others, which nobody compares: put aside, or for a person."""
    if len(several) <= most:
        return several, []
    chosen = [piece for piece in several if piece.line.rule == A_PERSON]
    became, rule = (IGNORED, CHOSEN) if chosen else (WAITS, CLASH)
    rule = rule.format(_named(chosen or several))
    others = [piece for piece in several if piece.line.rule != A_PERSON]
    return chosen, [piece.becomes(became, rule) for piece in others]


def _named(several: list[Piece]) -> str:
    """What the files are called, where they are many a few of them."""
    names = sorted(piece.name for piece in several)
    more = len(names) - FEW
    return ", ".join(names[:FEW]) + (f" and {more} more" if more > 0 else "")


def _without_beginnings(several: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Those in which anything is written, where there are any, and the others as ignored."""
    if len({piece.line.sha256 for piece in several}) < 2:
        return several, []
    written, begun = [], []
    for piece in several:
        is_written = piece.line.rule == A_PERSON or not piece.is_begun
        (written if is_written else begun).append(piece)
    if not written:
        return several, []
    rule = BEGUN.format(_named(written))
    return written, [piece.becomes(IGNORED, rule) for piece in begun]


def _of_one_kind(several: list[Piece]) -> list[Piece]:
    """Of files of which an attempt has one."""
    # One that a person has chosen counts; the others are put aside for it.
    chosen = [piece for piece in several if piece.line.rule == A_PERSON]
    chosen = chosen or [piece for piece in several if not piece.is_set_aside] or several
    first, *_ = chosen
    names = _named(chosen)
    different = len({piece.line.sha256 for piece in chosen}) > 1
    made = []
    for piece in several:
        if different and piece in chosen:
            made.append(piece.becomes(WAITS, CLASH.format(names)))
        elif piece is first:
            made.append(piece)
        else:
            rule = SET_ASIDE if piece.is_set_aside else COPY
            rule = rule if piece.line.sha256 == first.line.sha256 or piece.is_set_aside else CHOSEN
            made.append(piece.becomes(IGNORED, rule.format(first.name)))
    return made


def _of_all_kinds(several: list[Piece]) -> list[Piece]:
    """Of a notebook and the files beside it: what they hold has to be the same, or other parts."""
    taken = [piece for piece in several if piece.line.became == TAKEN]
    helds = [*filter(None, (piece.held for piece in taken))]
    if len(helds) < 2 or not together(helds, _beginning(taken[0].line.problem)).different:
        return several
    chosen = [piece for piece in taken if piece.line.rule == A_PERSON]
    if chosen and len(chosen) < len(taken):
        rule = CHOSEN.format(chosen[0].name)
        return [
            piece.becomes(IGNORED, rule) if piece in taken and piece not in chosen else piece
            for piece in several
        ]
    names = _named(taken)
    return [
        piece.becomes(WAITS, CLASH.format(names)) if piece in taken else piece for piece in several
    ]
