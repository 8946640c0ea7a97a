"""Files on their way into a class: what they become beside others of their learner."""

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from workbench.cohort.collected import IGNORED, TAKEN, WAITS, Line
from workbench.cohort.recognition import UNNAMED, File
from workbench.exercises.answers import SUFFIXES
from workbench.exercises.registry import exercises
from workbench.sandbox.message import in_a_line

ALONE = "nothing else of this learner was taken"
WORDS = "the words of {} are missing"
AFTERWARDS = (ALONE, WORDS.rpartition("{}")[2])  # how a rule ends for which other files are asked
A_PERSON = "a person said so"
COPY = "the same as {}"
SET_ASIDE = "`workbench refresh` put it beside {}"
CLASH = "there are several different ones: {}"


@dataclass(frozen=True)
class Piece:
    """A file on its way into the class."""

    file: File
    line: Line
    export: int  # the number of its export: a later one holds later attempts

    @property
    def kind(self) -> tuple[str, str, tuple, str]:
        """Of what one attempt has one."""
        group = self.export, *self.file.owned.group
        return self.line.learner, self.line.problem, group, self.file.suffix

    @property
    def is_set_aside(self) -> bool:
        """Whether `workbench refresh` has kept it beside the exercise that began anew."""
        return bool(re.search(r"-before-\d+\.ipynb$", self.file.owned.rest.name))

    def becomes(self, became: str, rule: str) -> "Piece":
        """The same file, taken otherwise."""
        return replace(self, line=replace(self.line, became=became, rule=in_a_line(rule)))


def without_alone(pieces: list[Piece]) -> list[Piece]:
    """A file that is ignored is for a person where nothing of its learner is taken."""
    heard = {piece.line.learner for piece in pieces if piece.line.became != IGNORED}
    return [
        piece.becomes(WAITS, f"{piece.line.rule}; {ALONE}")
        if piece.line.became == IGNORED
        and piece.line.learner not in {*heard, ""}
        and piece.line.sha256
        and piece.line.rule != A_PERSON
        else piece
        for piece in pieces
    ]


def with_words(pieces: list[Piece]) -> list[Piece]:
    """A text that is ignored is for a person where a problem of its learner lacks its words."""
    parts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for piece in pieces:
        if piece.line.became == TAKEN:
            parts[piece.line.learner, piece.line.problem].add(SUFFIXES.get(piece.file.suffix, ""))
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
    """Of equal files one is taken; different ones for the same are for a person."""
    kinds: dict[tuple, list[Piece]] = defaultdict(list)
    for piece in pieces:
        if piece.line.became == TAKEN:
            kinds[piece.kind].append(piece)
    rest = [piece for piece in pieces if piece.line.became != TAKEN]
    for several in kinds.values():
        # One that a person has chosen counts; the others are put aside for it.
        chosen = [piece for piece in several if piece.line.rule == A_PERSON]
        chosen = chosen or [piece for piece in several if not piece.is_set_aside] or several
        first, *_ = chosen
        names = ", ".join(sorted(piece.file.owned.rest.name for piece in chosen))
        different = len({piece.line.sha256 for piece in chosen}) > 1
        for piece in several:
            if different and piece in chosen:
                rest.append(piece.becomes(WAITS, CLASH.format(names)))
            elif piece is first:
                rest.append(piece)
            else:
                rule = SET_ASIDE if piece.is_set_aside else COPY
                rest.append(piece.becomes(IGNORED, rule.format(first.file.owned.rest.name)))
    return rest
