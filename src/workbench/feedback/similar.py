"""Answers that are alike beyond what all of them share: a pointer for a person, never a proof.

Code is compared without comments, layout, values and the names that somebody chose; what remains is
cut into overlapping runs of tokens. Runs of the exercise, of its solution and of many answers are
known text, and count for nothing.
"""

import builtins
import keyword
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from workbench.exercises.answers import Answer, read_submission
from workbench.exercises.registry import find
from workbench.graph import PipelineError

TOKEN = re.compile(
    r"#[^\n]*|[rbfuRBFU]{0,2}(?:\"{3}[\s\S]*?(?:\"{3}|\Z)|'{3}[\s\S]*?(?:'{3}|\Z)"
    r"|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?)|[^\W\d]\w*|\d[\w.]*|\S"
)
KEPT = {*keyword.kwlist, *dir(builtins)}  # names that nobody chose
PARTS = {"code": (6, 25), "prose": (5, 20)}  # tokens of a run, and how many runs are enough
ALIKE = 0.6  # of the runs that either has
SHORT = 2  # times as many runs as are enough: of fewer, little is said by their being alike
NEARLY = 0.9  # of an answer's runs, in the solution
SHARE, LEAST = 0.2, 10  # a run is common that so many of the answers have, and at least so many
LONGEST = 50_000  # characters
Runs = frozenset[str]


@dataclass(frozen=True)
class Writing:
    """One text, and whose it is: of several learners where theirs are the same."""

    learners: tuple[str, ...]
    text: str
    runs: Runs


@dataclass(frozen=True)
class Cluster:
    """Writings of which each is alike to another; least, most: how much, from 0 to 1.

    short: so little of each is its writer's own that right answers may well come out alike.
    """

    problem: str
    part: str
    writings: tuple[Writing, ...]
    least: float
    most: float
    short: bool

    @property
    def learners(self) -> list[str]:
        return [learner for writing in self.writings for learner in writing.learners]


@dataclass(frozen=True)
class Likeness:
    """The clusters of a class, the most telling first; nearly: (problem, learner) of those whose
    code is the solution that comes with the exercise, or nearly."""

    clusters: Sequence[Cluster]
    nearly: Sequence[tuple[str, str]]


def tokens(text: str, part: str) -> list[str]:
    """What of a text is compared: words, or of code what is not a matter of taste."""
    if part != "code":
        return re.findall(r"\w+", text[:LONGEST].casefold())
    plain, before = [], ""
    for token in TOKEN.findall(text[:LONGEST]):
        if token[0] != "#":
            plain.append(_plain(token, before))
            before = token
    return plain


def _plain(token: str, before: str) -> str:
    if token[-1] in "\"'":
        return "'text'"
    if token[0].isdecimal():
        return "0"
    chosen = token.isidentifier() and token not in KEPT and before not in (".", "import", "from")
    return "name" if chosen else token


def runs(text: str, part: str) -> Runs:
    """The overlapping runs of tokens of a text."""
    length, plain = PARTS[part][0], tokens(text, part)
    return frozenset(" ".join(plain[at : at + length]) for at in range(len(plain) - length + 1))


def likeness(answers: Iterable[tuple[str, str, Answer]]) -> Likeness:
    """What is alike among (learner, problem, answer)."""
    texts: dict[tuple[str, str], dict[Runs, list[tuple[str, str]]]] = defaultdict(dict)
    for learner, problem, answer in answers:
        for part in PARTS:
            if text := answer.part(part):
                own = texts[problem, part].setdefault(runs(text, part), [])
                own.append((learner, text))
    clusters, nearly = [], []
    for (problem, part), several in sorted(texts.items()):
        starter, solution = _known(problem, part)
        writings = [
            Writing(tuple(learner for learner, _ in whose), whose[0][1], own)
            for own, whose in several.items()
            if len(own) >= PARTS[part][1]
        ]
        if part == "code":
            copies = [writing for writing in writings if _share(writing.runs, solution) >= NEARLY]
            nearly += [(problem, learner) for writing in copies for learner in writing.learners]
        clusters += _clusters(problem, part, writings, starter | solution)
    clusters.sort(key=lambda one: (one.short, -one.most, -one.least, one.problem, one.learners))
    return Likeness(clusters, sorted(nearly))


def _share(own: Runs, known: Runs) -> float:
    return len(own & known) / len(own)


def _known(problem: str, part: str) -> tuple[Runs, Runs]:
    """The runs of what the exercise begins with, and of its solution where that is here."""
    exercise, texts = find(problem), []
    for file in (exercise.starter, exercise.solution):
        try:
            answer = read_submission(problem, exercise.cells, file) if file.exists() else None
        except PipelineError:
            answer = None
        texts.append(runs((answer.part(part) if answer else "") or "", part))
    return texts[0], texts[1]


def _clusters(
    problem: str, part: str, writings: Sequence[Writing], known: Runs
) -> Iterator[Cluster]:
    """Those that share most of what none of them has from elsewhere."""
    frequent = Counter(run for writing in writings for run in writing.runs)
    most = max(LEAST, SHARE * len(writings))
    common = known | {run for run, count in frequent.items() if count > most}
    length = PARTS[part][1]
    own = {
        number: rest
        for number, one in enumerate(writings)
        if len(rest := one.runs - common) >= length / 2
    }
    alike = {
        pair: shared / len(own[pair[0]] | own[pair[1]]) for pair, shared in _shared(own).items()
    }
    # A text that several handed in is alike to itself.
    alike |= {(number, number): 1.0 for number in own if len(writings[number].learners) > 1}
    alike = {pair: share for pair, share in alike.items() if share >= ALIKE}
    closest: dict[int, float] = defaultdict(float)
    for pair, share in alike.items():
        for number in pair:
            closest[number] = max(closest[number], share)
    for members in _linked(alike):
        nearest = [closest[number] for number in members]
        several = tuple(writings[number] for number in members)
        short = min(len(own[number]) for number in members) < SHORT * length
        yield Cluster(problem, part, several, min(nearest), max(nearest), short)


def _linked(pairs: Iterable[tuple[int, int]]) -> Iterable[list[int]]:
    """What hangs together by these pairs."""
    group: dict[int, list[int]] = {}
    for first, second in pairs:
        one, other = group.setdefault(first, [first]), group.setdefault(second, [second])
        if one is not other:
            one += other
            group |= dict.fromkeys(other, one)
    return [sorted(members) for first, members in group.items() if first == min(members)]


def _shared(own: Mapping[int, Runs]) -> Mapping[tuple[int, int], int]:
    """How many runs each two of them share, of those that share any."""
    having: dict[str, list[int]] = defaultdict(list)
    for number, several in own.items():
        for run in several:
            having[run].append(number)
    return Counter(pair for numbers in having.values() for pair in combinations(numbers, 2))
