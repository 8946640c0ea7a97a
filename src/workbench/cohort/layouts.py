"""Whose file it is: by the layouts of learning systems, else by the first folder.

A layout is a function of the files of an export and gives, for those that are laid out so, whose
they are. The first that knows any file of an export lays out all of it. What lies in a learner's
own folder says nothing of whose it is: a layout has its names at one depth, for all of an export.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import PurePosixPath

import yaml

from workbench.cohort.moments import DATED, aware, moment
from workbench.cohort.names import is_canonical, problems_in
from workbench.cohort.sources import TOOLS, Exported, put_together

MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<rest>.*)")
MOODLES = re.compile(r"_\d+_assignsubmission_(?=file|onlinetext)")
CANVAS = re.compile(  # anon_ab3De_67890_… where names are hidden
    r"(?P<name>[^\W_]+)_(?P<late>LATE_)?(?P<id>\d+|(?<=anon_)\w{5})_(?P<file_id>\d+)_(?P<rest>.+)",
    re.I,
)
AGAIN = re.compile(r"-(\d+)(?=\.\w+$)")  # how Canvas names what was uploaded once more
INBOUND = re.compile(r"(?P<id>[^+]+)\+[^+]+\+(?P<time>[^+]+)(?:\+.*)?")
ATTEMPT = re.compile(r"(?:attempt|try|version|v|versuch|submission|abgabe)[ _-]?(\d+)", re.I)
HERE = PurePosixPath()
UNSURE = "a learner may have written the date of the folder, so it tells no time"
PLAIN = (str, int, float)
WRAPPED = re.compile(r"(.+)-submissions(?:\.zip)?", re.I)
WRAPPERS = {"submitted", "submissions", "students", "learners", "repos", "home", "users"}
GRADESCOPE = "submission_metadata.yml"
SUBMITTED, TIMESTAMP = re.compile("submitted"), "timestamp.txt"
NBGRADERS = {"release", "source", "autograded", "feedback", "gradebook.db"}


@dataclass(frozen=True)
class Owned:
    """A file and whose it is; learner: "" where nothing says it.

    rest: its path below the learner; group: what sets apart one attempt from another, sorted as
    they came; late: where the layout says so and no time.
    """

    exported: Exported
    learner: str = ""
    name: str = ""
    rest: PurePosixPath = HERE
    group: tuple[str, ...] = ()
    submitted: datetime | None = None
    late: str = ""
    layout: str = ""


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
    for layout in (gradescope, moodle, canvas, nbgrader, classroom):
        laid_out = list(layout(exported))
        if laid_out:
            break
    known = {file.exported.path for file in laid_out}
    others = [file for file in exported if file.path not in known]
    return [*laid_out, *folders(others)]


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


def gradescope(exported: Sequence[Exported]) -> Iterator[Owned]:
    """submission_1001/…, and a file that says whose and when that is."""
    lists = [file for file in exported if file.path.name == GRADESCOPE]
    roots = {file.path.parent for file in lists}
    lists = [file for file in lists if roots.isdisjoint(file.path.parent.parents)]
    if not all(roots.intersection(file.path.parents) for file in _handed_in(exported)):
        return  # it lies in somebody's folder
    for metadata in lists:
        told = _yaml(metadata)
        yield Owned(metadata, rest=PurePosixPath(GRADESCOPE), layout="Gradescope")
        root = metadata.path.parent
        for file in (
            file for file in exported if file.path.is_relative_to(root) and file != metadata
        ):
            folder, *rest = file.path.relative_to(root).parts
            submission = told.get(folder)
            if rest:  # of whom the metadata do not speak, the folder is all that is known
                submission = submission if isinstance(submission, Mapping) else {}
                time = submission.get(":created_at")
                when = aware(time, UTC) if isinstance(time, datetime) else None
                people = submission.get(":submitters") or [{}]
                for person in (person for person in people if isinstance(person, Mapping)):
                    # Nothing but plain values: a list can name itself, and be endless as text.
                    plain = ((key, v) for key, v in person.items() if isinstance(v, PLAIN))
                    called = {str(key).strip(":"): str(value) for key, value in plain}
                    learner = called.get("sid") or called.get("email") or folder
                    name, below = called.get("name", ""), PurePosixPath(*rest)
                    yield Owned(file, learner, name, below, (), when, layout="Gradescope")


def _yaml(metadata: Exported) -> Mapping:
    try:
        told = yaml.safe_load(metadata.read() or b"")
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, Mapping) else {}


def moodle(exported: Sequence[Exported]) -> Iterator[Owned]:
    """`Jane Doe_12345_assignsubmission_file_/…`, or the same before a file's own name."""
    for one, number, match in _at_one_depth(exported, MOODLE.fullmatch):
        if len(MOODLES.findall(match[0])) > 1:  # somebody is called so: whose number is it?
            yield Owned(one, "", match[0], PurePosixPath(one.path.name), layout="Moodle")
            continue
        own = [match["rest"]] if number == len(one.path.parts) - 1 else []
        rest = PurePosixPath(*own, *one.path.parts[number + 1 :])
        yield Owned(one, match["id"], match["name"], rest, (), one.came(number)[1], layout="Moodle")


def canvas(exported: Sequence[Exported]) -> Iterator[Owned]:
    """`doejane_LATE_12345_67890_Problem 3-1.ipynb`: the number at the end counts uploads."""
    for one, number, match in _at_one_depth(exported, CANVAS.fullmatch):
        again = AGAIN.search(match["rest"])
        rest = PurePosixPath(AGAIN.sub("", match["rest"]), *one.path.parts[number + 1 :])
        late, group = "yes" if match["late"] else "", (again[1].zfill(6) if again else "",)
        yield Owned(
            one, match["id"], match["name"], rest, group, one.came(number)[1], late, layout="Canvas"
        )


def nbgrader(exported: Sequence[Exported]) -> Iterator[Owned]:
    """inbound/jane+problem_3+2026-11-20 10:00:00 UTC+…/…, and submitted/jane/problem_3/… with the
    time in a file."""
    inbound = [
        (one, number, match)
        for one, number, match in _at_one_depth(exported, INBOUND.fullmatch)
        if number < len(one.path.parts) - 1 and moment(match["time"])
    ]
    for one, number, match in inbound:
        rest, time = PurePosixPath(*one.path.parts[number + 1 :]), moment(match["time"])
        yield Owned(one, match["id"], "", rest, (time.isoformat(),), time, layout="nbgrader")
    below = {one.path: n + 1 for one, n, _ in _at_one_depth(exported, SUBMITTED.fullmatch)}
    submitted = {
        file.path: file.path.parts[below[file.path] :]
        if file.path in below  # the folder of a course may hold it
        else _unwrapped(file.path.parts)
        for file in _handed_in(exported)
        if not inbound
    }
    # The system's own lies beside the files; one further below, or packed, a learner has written.
    times = {
        parts[:2]: moment((file.read() or b"").decode(errors="replace"))
        for file in exported
        if (parts := submitted.get(file.path, ()))[2:] == (TIMESTAMP,)
        and not file.came(len(file.path.parts) - len(parts))[0]
    }
    learners = {parts[0] for parts in submitted.values() if len(parts) > 1}
    timed = {learner for (learner, _), time in times.items() if time}
    if 2 * len(timed) <= len(learners) or (len(timed) == 1 and not below):
        return  # one learner alone has put the file there
    for file in exported:
        parts = submitted.get(file.path, ())
        if len(parts) > 2 and (time := times.get(parts[:2])):
            rest = PurePosixPath(*parts[1:])
            yield Owned(file, parts[0], "", rest, (), time, layout="nbgrader")


def _handed_in(exported: Iterable[Exported]) -> list[Exported]:
    """Without what tools have left."""
    return [file for file in exported if not file.refused.startswith(TOOLS)]


def _at_one_depth(
    exported: Sequence[Exported], matched: Callable[[str], re.Match | None]
) -> Iterator[tuple[Exported, int, re.Match]]:
    """The files whose names match at the depth of the outermost that does, and that depth.

    None where it could be a learner who has named them: below a folder in which others have none.
    """
    handed_in = _handed_in(exported)
    places = [
        number for file in handed_in for number, part in enumerate(file.path.parts) if matched(part)
    ]
    depth = min(places, default=0)
    inside = [file for file in handed_in if len(file.path.parts) > depth]
    above = {file.path.parts[:depth] for file in handed_in}
    if len(above) == 1 or all(matched(file.path.parts[depth]) for file in inside):
        for file in exported:  # what a tool has left in somebody's folder is theirs, too
            if match := matched("".join(file.path.parts[depth : depth + 1])):
                yield file, depth, match


def classroom(exported: Sequence[Exported]) -> Iterator[Owned]:
    """Repositories `problem-3-jane`: what they have in common is the assignment."""
    inside = [file for file in exported if len(_unwrapped(file.path.parts)) > 1]
    tops = sorted({_unwrapped(file.path.parts)[0] for file in inside})
    cloned = {_unwrapped(file.path.parts)[0] for file in inside if file.path.name == ".git"}
    named = {wrapper[1] for file in exported if (wrapper := WRAPPED.fullmatch(file.path.parts[0]))}
    slugs = {f"{name}-" for name in named} or {_common(sorted(cloned))}
    users = {top: user for top in tops if (user := _user(top, slugs))}
    for file in inside:
        parts = _unwrapped(file.path.parts)
        if parts[0] in users:
            rest = PurePosixPath(*parts[1:])
            # Times are those of the copy, not of the last commit.
            yield Owned(file, users[parts[0]], "", rest, (), None, layout="repositories")


def _user(top: str, slugs: set[str]) -> str:
    """Whose repository it is: what follows the assignment, which is the number of a problem or
    what all others begin with, too."""
    top = re.sub(r"(-main|-master)?(\.zip)?$", "", top)
    slug = re.fullmatch(r"(.*?\d+)[-_](.+)", top)
    if slug and len(problems_in(slug[1])) == 1 and not problems_in(slug[2]):
        return slug[2]
    return next((top.removeprefix(slug) for slug in slugs if slug and top.startswith(slug)), "")


def _common(tops: list[str]) -> str:
    """What all names begin with, up to a hyphen; nothing for one name alone."""
    if len(tops) < 2:
        return ""
    pairs = zip(min(tops), max(tops), strict=False)
    same = takewhile(lambda pair: pair[0] == pair[1], pairs)
    head, hyphen, _ = "".join(sign for sign, _ in same).rpartition("-")
    return head + hyphen


def folders(exported: Sequence[Exported]) -> Iterator[Owned]:
    """The first folder is the learner's; one that is a date, or numbers an attempt, is an
    attempt's, before or below it.

    A date says when it was handed in where no learner can have written it: above their folder, or
    in that of every one of several. Otherwise it tells attempts apart, no more.
    """
    ways, below = [], {}
    for file in exported:
        parts = _unwrapped(file.path.parts)
        dates = [n for n, part in enumerate(parts[:-1]) if DATED.fullmatch(part)]
        attempts = [n for n, part in enumerate(parts[:-1]) if n and ATTEMPT.fullmatch(part)]
        own, *rest = (n for n in range(len(parts)) if n not in (*dates, *attempts))
        learner = re.sub(r"\.zip$", "", parts[own], flags=re.I) if rest else ""
        if is_canonical(PurePosixPath(re.sub(r"[ -]", "_", learner.casefold()))):
            learner = ""  # a folder for each problem, in which learners have named their files
        date = moment(parts[dates[0]]) if dates else None
        numbers = (ATTEMPT.fullmatch(parts[n])[1].zfill(6) for n in attempts)
        group = (*([date.isoformat()] if date else []), *numbers)
        inside = PurePosixPath(*(parts[n] for n in rest or [own]))
        packed = date and dates[0] >= len(parts) - 1 - file.came(0)[0]
        place = dates[0] - own if date and not packed else None  # from the learner's folder on
        one = Owned(file, learner, "", inside, group, file.came(0)[1], layout="folders")
        ways.append((one, date, place))
        if learner and not file.refused.startswith(TOOLS):
            below[learner] = place == 1 and below.get(learner, True)
    everybodys = len(below) > 1 and all(below.values())
    for one, date, place in ways:
        if place is not None and (place < 0 or (place == 1 and everybodys)):
            yield replace(one, submitted=date)
        else:
            yield replace(one, layout=f"{one.layout}; {UNSURE}") if date else one


def _unwrapped(parts: Sequence[str]) -> Sequence[str]:
    """The path without the folder that holds those of all learners."""
    plain = parts[0].casefold().removesuffix(".zip")
    wrapper = plain in WRAPPERS or WRAPPED.fullmatch(parts[0])
    return parts[1:] if wrapper and len(parts) > 2 else parts
