"""The layouts of learning systems, and whose a file is by its first folder.

A layout is a function of the files of an export and gives, for those that are laid out so, whose
they are. What lies in a learner's own folder says nothing of whose it is: a layout has its names
at one depth, for all of an export.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath

import yaml

from workbench.cohort.moments import DATED, are_numbers, aware, moment
from workbench.cohort.names import is_canonical, problems_in
from workbench.cohort.sources import TOOLS, Exported

MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<rest>.*)")
MOODLES = re.compile(r"_\d+_assignsubmission_(?=file|onlinetext)")
CANVAS = re.compile(  # anon_ab3De_67890_… where names are hidden
    r"(?P<name>[^\W_]*)_(?P<late>LATE_)?"
    r"(?P<id>\d+|(?<=anon_)[^\W_]{5}|(?<=anon_LATE_)[^\W_]{5})_(?P<file_id>\d+)_(?P<rest>.+)",
    re.I,
)
AGAIN = re.compile(r"-(\d+)(?=\.\w+$)")  # how Canvas names what was uploaded once more
INBOUND = re.compile(  # what follows the learner's name has no plus sign, it may have one itself
    r"(?P<id>.+?)\+[^+]+\+(?P<time>\d{4}-[^+]+)(?:\+[^+]*)?"
)
TWICE = "its name holds the marks of two learners"
ATTEMPT = re.compile(r"(?:attempt|try|version|v|versuch|submission|abgabe)[ _-]?(\d+)", re.I)
HERE = PurePosixPath()
UNSURE = "a learner may have written the date of the folder, so it tells no time"
PLAIN = (str, int, float)
WRAPPED = re.compile(r"(.+)-submissions(?:\.zip)?", re.I)
WRAPPERS = {"submitted", "submissions", "students", "learners", "repos", "home", "users"}
EXPORTED = re.compile(r"assignment_\d+_export(?:\.zip)?")  # Gradescope's
GRADESCOPE = "submission_metadata.yml"
SUBMITTED, TIMESTAMP = re.compile("submitted"), "timestamp.txt"
NBGRADERS = {"release", "source", "autograded", "feedback", "gradebook.db"}


@dataclass(frozen=True)
class Owned:
    """A file and whose it is; learner: "" where nothing says it.

    rest: its path below the learner; group: what sets apart one attempt from another, sorted as
    they came; late: where the layout says so and no time; depth: of the part of its path that says
    whose it is; doubt: why that is for a person.
    """

    exported: Exported
    learner: str = ""
    name: str = ""
    rest: PurePosixPath = HERE
    group: tuple[str, ...] = ()
    submitted: datetime | None = None
    late: str = ""
    layout: str = ""
    depth: int = 0
    doubt: str = ""


def gradescope(exported: Sequence[Exported]) -> Iterator[Owned]:
    """submission_1001/…, and a file that says whose and when that is."""
    lists = [file for file in exported if file.path.name == GRADESCOPE]
    roots = {file.path.parent for file in lists}
    lists = [file for file in lists if roots.isdisjoint(file.path.parent.parents)]
    if not all(roots.intersection(file.path.parents) for file in handed_in(exported)):
        return  # it lies in somebody's folder
    for metadata in lists:
        told = _yaml(metadata)
        root = metadata.path.parent
        depth = len(root.parts)
        yield Owned(metadata, "", "", PurePosixPath(GRADESCOPE), layout="Gradescope", depth=depth)
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
                    yield Owned(
                        file, learner, name, below, (), when, layout="Gradescope", depth=depth
                    )


def _yaml(metadata: Exported) -> Mapping:
    try:
        told = yaml.safe_load(metadata.read() or b"")
    except Exception:  # the library stumbles in many ways over what a learner may have written
        return {}
    return told if isinstance(told, Mapping) else {}


def moodle(exported: Sequence[Exported]) -> Iterator[Owned]:
    """`Jane Doe_12345_assignsubmission_file_/…`, or the same before a file's own name."""
    for one, number, match in _at_one_depth(exported, MOODLE.fullmatch):
        if len(MOODLES.findall(match[0])) > 1:  # somebody is called so: whose number is it?
            name, rest = match[0], PurePosixPath(one.path.name)
            yield Owned(one, "", name, rest, layout="Moodle", depth=number, doubt=TWICE)
            continue
        own = [match["rest"]] if number == len(one.path.parts) - 1 else []
        rest = PurePosixPath(*own, *one.path.parts[number + 1 :])
        whose, came = (match["id"], match["name"]), one.came(number)[1]
        yield Owned(one, *whose, rest, (), came, layout="Moodle", depth=number)


def canvas(exported: Sequence[Exported]) -> Iterator[Owned]:
    """`doejane_LATE_12345_67890_Problem 3-1.ipynb`: the number at the end counts uploads."""
    for one, number, match in _at_one_depth(exported, CANVAS.fullmatch):
        again, name = AGAIN.search(match["rest"]), AGAIN.sub("", match["rest"])
        if problems_in(match["rest"]) and not problems_in(name):  # the number is the problem's
            again, name = None, match["rest"]
        rest = PurePosixPath(name, *one.path.parts[number + 1 :])
        late, group = "yes" if match["late"] else "", (again[1].zfill(6) if again else "",)
        whose, came = (match["id"], match["name"]), one.came(number)[1]
        yield Owned(one, *whose, rest, group, came, late, layout="Canvas", depth=number)


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
        group = (time.isoformat(),)
        yield Owned(one, match["id"], "", rest, group, time, layout="nbgrader", depth=number)
    below = {one.path: n + 1 for one, n, _ in _at_one_depth(exported, SUBMITTED.fullmatch)}
    submitted = {
        path: path.parts[below[path] :] if path in below else parts  # a course's folder may hold it
        for path, parts in unwrapped(handed_in(exported)).items()
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
            depth = len(file.path.parts) - len(parts)
            yield Owned(file, parts[0], "", rest, (), time, layout="nbgrader", depth=depth)


def handed_in(exported: Iterable[Exported]) -> list[Exported]:
    """Without what tools have left."""
    return [file for file in exported if not file.refused.startswith(TOOLS)]


def _at_one_depth(
    exported: Sequence[Exported], matched: Callable[[str], re.Match | None]
) -> Iterator[tuple[Exported, int, re.Match]]:
    """The files whose names match at the depth of the outermost that does, and that depth.

    None where it could be a learner who has named them: below a folder in which others have none.
    """
    files = handed_in(exported)
    places = [
        number for file in files for number, part in enumerate(file.path.parts) if matched(part)
    ]
    depth = min(places, default=0)
    inside = [file for file in files if len(file.path.parts) > depth]
    above = {file.path.parts[:depth] for file in files}
    if len(above) == 1 or all(matched(file.path.parts[depth]) for file in inside):
        for file in exported:  # what a tool has left in somebody's folder is theirs, too
            if match := matched("".join(file.path.parts[depth : depth + 1])):
                yield file, depth, match


def folders(exported: Sequence[Exported]) -> Iterator[Owned]:
    """The first folder is the learner's; one that is a date, or numbers an attempt, is an
    attempt's, before or below it.

    A date says when it was handed in where no learner can have written it: above their folder, or
    in that of every one of several. Otherwise it tells attempts apart, no more.
    """
    exported = [*exported]
    ways, below, paths = [], {}, unwrapped(exported)
    inside = [paths[file.path][:-1] for file in handed_in(exported) if len(paths[file.path]) > 1]
    tops = {top for top, *_ in inside}
    mixed = not all(map(DATED.fullmatch, tops))  # a learner may be called so
    numbered = are_numbers(tops, {below[0] for _, *below in inside if below})
    for file in exported:
        parts = paths[file.path]
        dates = [n for n, part in enumerate(parts[:-1]) if DATED.fullmatch(part)]
        dates = dates[1:] if numbered and dates[:1] == [0] else dates
        attempts = [n for n, part in enumerate(parts[:-1]) if n and ATTEMPT.fullmatch(part)]
        own, *rest = (n for n in range(len(parts)) if n not in (*dates, *attempts))
        learner = re.sub(r"\.zip$", "", parts[own], flags=re.I) if rest else ""
        if is_canonical(PurePosixPath(re.sub(r"[ -]", "_", learner.casefold()))):
            learner = ""  # a folder for each problem, in which learners have named their files
        learner = "" if mixed and 0 in dates else learner
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


def unwrapped(exported: Iterable[Exported]) -> Mapping[PurePosixPath, Sequence[str]]:
    """The paths without the folder that holds those of all learners: a learner may be called as
    such a folder is, but not all are."""
    exported = [*exported]
    deep = [file.path.parts for file in handed_in(exported) if len(file.path.parts) > 1]
    whole = all(is_around(top) for top, *_ in deep) and max(map(len, deep), default=0) > 2
    return {file.path: file.path.parts[whole and len(file.path.parts) > 1 :] for file in exported}


def is_around(folder: str) -> bool:
    """Whether a folder is called as one that holds those of all learners."""
    plain = folder.casefold().removesuffix(".zip")
    return plain in WRAPPERS or bool(WRAPPED.fullmatch(folder) or EXPORTED.fullmatch(folder))
