"""Whose each file of an export is: by the layout that explains the names of all of it.

A learner chooses the names of files, and some their own: one that looks like another system's must
neither lay out what others have handed in, nor be credited to one of them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath

from workbench.cohort.layouts import (
    NBGRADERS,
    TIMESTAMP,
    Owned,
    canvas,
    folders,
    gradescope,
    handed_in,
    is_around,
    moodle,
    nbgrader,
)
from workbench.cohort.repositories import classroom
from workbench.cohort.sources import Exported, put_together

LAYOUTS = (gradescope, moodle, canvas, nbgrader, classroom)
RIVALS = "it can be read as that of {}; write whose it is"
OTHERWISE = "it is not named as the others are, which is by {}"
INSIDE = "it may lie in a folder of a learner's, {}: if that holds the export, collect that folder"


@dataclass(frozen=True)
class Reading:
    """An export as one layout explains it, which has its names at one depth."""

    exported: Sequence[Exported]
    owned: Sequence[Owned]

    @cached_property
    def depth(self) -> int:
        return self.owned[0].depth

    @cached_property
    def owners(self) -> dict[tuple[str, ...], set[str]]:
        """By the parts of a path down to the name that says it, whose it is."""
        owners = {}
        for one in self.owned:
            owners.setdefault(self.unit(one.exported), set()).add(one.learner)
        return owners

    @cached_property
    def share(self) -> float:
        """Of the names at this depth, how many it explains."""
        units = {self.unit(file) for file in handed_in(self.exported)}
        return len(units & {*self.owners}) / max(1, len(units))

    def unit(self, file: Exported) -> tuple[str, ...]:
        """A name counts once, however much lies below it."""
        return file.path.parts[: self.depth + 1]


def owned(exported: Sequence[Exported], name: str = "") -> list[Owned]:
    """Whose each file of an export of this name is."""
    name = re.sub(r"( \(\d+\)|-main|-master)*\.zip$", "", name, flags=re.I)
    if exported and all(
        len(file.path.parts) > 2 and file.path.parts[0] == name for file in exported
    ):
        # A folder that was zipped: what it holds is the export.
        inside = [replace(file, path=PurePosixPath(*file.path.parts[1:])) for file in exported]
        whole = dict(zip(inside, exported, strict=True))
        return [replace(file, exported=whole[file.exported]) for file in owned(inside)]
    exported = _submitted(exported)
    laid_out = (list(layout(exported)) for layout in LAYOUTS)
    readings = [Reading(exported, some) for some in laid_out if some]
    # What is in front decides: the outermost of those that explain everything, or most.
    readings.sort(key=lambda reading: (reading.share < 1, reading.depth, -reading.share))
    chosen = next((reading for reading in readings if reading.share > 0.5), None)
    return list(_explained(exported, chosen, readings, name))


def _explained(
    exported: Sequence[Exported], chosen: Reading | None, readings: Sequence[Reading], name: str
) -> Iterator[Owned]:
    """The files as the chosen reading has them, as first folders without any; in doubt, where
    another has as much to say for itself."""
    whole = chosen is not None and chosen.share == 1
    rivals = [
        reading
        for reading in readings
        if reading is not chosen
        and (chosen is None or reading.depth == chosen.depth)
        and (reading.share == 1 or not whole)
    ]
    known = {one.exported.path for one in chosen.owned} if chosen else set()
    aside = _may_be_a_learners(exported, chosen, name) if chosen else ""
    others = list(folders([file for file in exported if file.path not in known]))
    for one in chosen.owned if chosen else ():
        yield _doubted(one, _rivals(one, chosen, rivals)) or replace(one, doubt=one.doubt or aside)
    for one in others:
        unlike = OTHERWISE.format(chosen.owned[0].layout) if chosen else ""
        yield _doubted(one, unlike or _rivals(one, None, rivals)) or one


def _doubted(one: Owned, why: str) -> Owned | None:
    return replace(one, learner="", doubt=why) if why else None


def _rivals(one: Owned, chosen: Reading | None, rivals: Sequence[Reading]) -> str:
    """Why it is in doubt whose it is, where these do not say the same; nothing otherwise."""
    own = chosen.owners[chosen.unit(one.exported)] if chosen else {one.learner}
    others = {
        learner for rival in rivals for learner in rival.owners.get(rival.unit(one.exported), ())
    }
    return RIVALS.format(" or ".join(sorted(filter(None, own | others)))) if others - own else ""


def _may_be_a_learners(exported: Sequence[Exported], chosen: Reading, name: str) -> str:
    """Why it is in doubt whose all of it is: one folder holds it, which is neither known to be
    around those of all learners nor called as the export is; a learner names what is in theirs."""
    names = {file.path.parts[: chosen.depth] for file in handed_in(exported)}
    above = [part for part in min(names) if part != name and not is_around(part)]
    return INSIDE.format("/".join(above)) if len(names) == 1 and above else ""


def _submitted(exported: Sequence[Exported]) -> Sequence[Exported]:
    """Of a whole course of nbgrader's, what was submitted; the rest as what a tool has left."""
    roots = {
        file.path.parents[3]
        for file in exported
        if file.path.name == TIMESTAMP and file.path.parts[-4:-3] == ("submitted",)
    }

    def own(path: PurePosixPath) -> PurePosixPath | None:
        inside = ((root, path.relative_to(root).parts[0]) for root in roots & {*path.parents})
        return next((root / first for root, first in inside if first in NBGRADERS), None)

    return put_together(exported, own) if roots else exported
