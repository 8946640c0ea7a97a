"""How a class did in each criterion, and what a criterion says about who can do the rest."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import StatisticsError, correlation

from workbench.cohort.standings import Standing
from workbench.feedback import marks

FEW = 10  # answers; of fewer nothing is said about how a criterion separates
WEAK = 0.1  # a correlation below which it does not


@dataclass(frozen=True)
class Item:
    """One criterion in the whole class; separation: how it goes with the rest of its problem, from
    -1 to 1, None where that cannot be said."""

    problem: str
    id: str
    title: str
    stretch: bool
    judged: int
    missed: int
    open: int
    separation: float | None

    @property
    def share(self) -> float:
        """Of those judged, how many miss it."""
        return self.missed / self.judged if self.judged else 0.0

    @property
    def doubt(self) -> str:
        """Why it does not tell learners apart, nothing where it does, or with too few of them."""
        if self.judged < FEW:
            return ""
        if self.missed in (0, self.judged):
            return "everybody misses it" if self.missed else "everybody meets it"
        if self.separation is None or self.separation >= WEAK:
            return ""
        return "goes with nothing else" if self.separation > -WEAK else "goes against the rest"


@dataclass
class _Marks:
    """What is collected for an item, answer by answer."""

    first: Mapping
    met: list[bool] = field(default_factory=list)
    rest: list[float] = field(default_factory=list)
    open: int = 0


def items(standings: Iterable[Standing]) -> list[Item]:
    """Every criterion that counts, in the order of problems and criteria."""
    collected: dict[tuple[str, str], _Marks] = {}
    for standing in standings:
        if marks.kind_of_standing(standing) == marks.ABSENT or not tried(standing):
            continue
        for mark in marks.asked(standing):
            own = collected.setdefault((standing.problem, mark["id"]), _Marks(mark))
            kind = marks.kind_of(mark)
            if kind == marks.OPEN:
                own.open += 1
            else:
                own.met.append(kind == marks.MET)
                beyond = 0.0 if mark["stretch"] else mark["points"]
                own.rest.append(standing.report["score"] - beyond)
    by_problem = sorted(collected.items(), key=lambda entry: entry[0][0])
    return [_item(problem, name, own) for (problem, name), own in by_problem]


def tried(standing: Standing) -> bool:
    """Whether any criterion was judged: what cannot be read says nothing about an item."""
    return any(marks.kind_of(mark) != marks.UNKNOWN for mark in marks.asked(standing))


def _item(problem: str, name: str, own: _Marks) -> Item:
    separation = None
    if len(own.met) >= FEW:
        try:
            separation = correlation([*map(float, own.met)], own.rest)
        except StatisticsError:  # all the same
            separation = None
    missed, first = len(own.met) - sum(own.met), own.first
    whose = problem, name, first["title"], first["stretch"]
    return Item(*whose, len(own.met), missed, own.open, separation)


@dataclass(frozen=True)
class Problem:
    """One problem in the whole class; shares: how many reach each tenth of the points, the last
    one being all of them."""

    name: str
    title: str
    counts: Mapping[str, int]
    late: int
    shares: Sequence[int]
    mean: float | None

    @property
    def distribution(self) -> list[tuple[int, int, str]]:
        """(how many, in percent of the most, which tenth of the points)."""
        most = max(self.shares) or 1
        tenths = [f"{10 * tenth} to {10 * tenth + 10} %" for tenth in range(10)]
        named = [*tenths, "all points"]
        return [
            (count, round(100 * count / most), name)
            for count, name in zip(self.shares, named, strict=True)
        ]


def problem(name: str, standings: Sequence[Standing], percents: Iterable[str]) -> Problem:
    """percents: of those standings, empty where a person has to decide."""
    known = [
        float(percent)
        for percent, standing in zip(percents, standings, strict=True)
        if percent and marks.kind_of_standing(standing) != marks.ABSENT
    ]
    reached = Counter(min(int(percent // 10), 10) for percent in known)
    return Problem(
        name,
        marks.title_of(name),
        Counter(map(marks.kind_of_standing, standings)),
        sum(standing.late == "yes" for standing in standings),
        [reached[tenth] for tenth in range(11)],
        sum(known) / len(known) if known else None,
    )
