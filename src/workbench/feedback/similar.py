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
class Pair:
    """Two writings that are alike, from 0 to 1."""

    problem: str
    part: str
    alike: float
    first: Writing
    second: Writing


@dataclass(frozen=True)
class Likeness:
    """The pairs of a class, the closest first; nearly: (problem, learner) of those whose code is
    the solution that comes with the exercise, or nearly."""

    pairs: Sequence[Pair]
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
    pairs, nearly = [], []
    for (problem, part), several in sorted(texts.items()):
        starter, solution = _known(problem, part)
        writings = [
            Writing(tuple(learner for learner, _ in whose), whose[0][1], own)
            for own, whose in several.items()
            if len(own) >= PARTS[part][1]
        ]
        if part == "code":
            copies = [one for one in writings if _share(one.runs, solution) >= NEARLY]
            nearly += [(problem, learner) for one in copies for learner in one.learners]
        pairs += _pairs(problem, part, writings, starter | solution)
    return Likeness(sorted(pairs, key=lambda pair: (-pair.alike, pair.problem)), sorted(nearly))


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


def _pairs(problem: str, part: str, writings: Sequence[Writing], known: Runs) -> Iterator[Pair]:
    """Those that share most of what neither has from elsewhere."""
    frequent = Counter(run for one in writings for run in one.runs)
    most = max(LEAST, SHARE * len(writings))
    common = known | {run for run, count in frequent.items() if count > most}
    own = [one.runs - common for one in writings]
    enough = [number for number, several in enumerate(own) if len(several) >= PARTS[part][1] / 2]
    for number in enough:
        if len(writings[number].learners) > 1:
            yield Pair(problem, part, 1.0, writings[number], writings[number])
    for (first, second), shared in _shared({number: own[number] for number in enough}).items():
        alike = shared / len(own[first] | own[second])
        if alike >= ALIKE:
            yield Pair(problem, part, alike, writings[first], writings[second])


def _shared(own: Mapping[int, Runs]) -> Mapping[tuple[int, int], int]:
    """How many runs each two of them share, of those that share any."""
    having: dict[str, list[int]] = defaultdict(list)
    for number, several in own.items():
        for run in several:
            having[run].append(number)
    return Counter(pair for numbers in having.values() for pair in combinations(numbers, 2))
