"""Repositories of a class on GitHub: whose each is by its name."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import PurePosixPath

from workbench.cohort.layouts import WRAPPED, Owned, unwrapped
from workbench.cohort.names import problems_in
from workbench.cohort.sources import Exported

# How GitHub names a repository's zip.
BRANCH, PACKED = re.compile(r"(-main|-master)(\.zip)?$"), re.compile(r"\.zip$")
ONE_NAME = "{} are called as one learner's"


def classroom(exported: Sequence[Exported]) -> Iterator[Owned]:
    """Repositories `problem-3-jane`: what they have in common is the assignment, which the folder
    around them names, or all have the number of a problem."""
    below = unwrapped(exported)
    inside = [file for file in exported if len(below[file.path]) > 1]
    above = {below[file.path][0]: file.path.parts[: -len(below[file.path])] for file in inside}
    # Where one lacks it, what others end in is part of a learner's name.
    ends = BRANCH if all(map(BRANCH.search, above)) else PACKED
    plain = {top: ends.sub("", top) for top in above}
    around = {top: WRAPPED.fullmatch("".join(folder)) for top, folder in above.items()}
    cloned = {below[file.path][0] for file in inside if file.path.name == ".git"}
    same = _common(sorted(cloned))
    by_folder, by_number, by_same = (
        {top: user for top, name in plain.items() if (user := named(top, name))}
        for named in (
            lambda top, name: _after(f"{around[top][1]}-" if around[top] else "", name),
            lambda _, name: _numbered(name),
            lambda _, name: _after(same, name),
        )
    )
    whole = (users for users in (by_folder, by_number, by_same) if len(users) == len(plain))
    users = next(whole, by_number)
    alike: dict[str, set[str]] = {}  # two are called so where one name has its branch in it
    for top, name in plain.items():
        alike.setdefault(name, set()).add(PACKED.sub("", top))
    for file in inside:
        parts = below[file.path]
        if parts[0] in users:
            rest, depth = PurePosixPath(*parts[1:]), len(file.path.parts) - len(parts)
            # Times are those of the copy, not of the last commit.
            several = alike[plain[parts[0]]]
            doubt = ONE_NAME.format(" and ".join(sorted(several))) if len(several) > 1 else ""
            whose = users[parts[0]], "", rest, (), None
            yield Owned(file, *whose, layout="repositories", depth=depth, doubt=doubt)


def _after(slug: str, name: str) -> str:
    return name.removeprefix(slug) if slug and name.startswith(slug) else ""


def _numbered(name: str) -> str:
    """What follows the number of a problem."""
    slug = re.fullmatch(r"(.*?\d+)[-_](.+)", name)
    one = slug and len(problems_in(slug[1])) == 1 and not problems_in(slug[2])
    return slug[2] if one else ""


def _common(tops: list[str]) -> str:
    """What all names begin with, up to a hyphen; nothing for one name alone."""
    if len(tops) < 2:
        return ""
    pairs = zip(min(tops), max(tops), strict=False)
    same = takewhile(lambda pair: pair[0] == pair[1], pairs)
    head, hyphen, _ = "".join(sign for sign, _ in same).rpartition("-")
    return head + hyphen
