"""Which problem a file is meant for, by its name."""

import re
import unicodedata
from functools import cache
from itertools import product
from pathlib import PurePath

from workbench.exercises.registry import graded

# What a learner may call a problem of any course.
NOUNS = ("exercise", "exercice", "ex", "task", "question", "q", "assignment", "aufgabe")
NOUNS += ("ejercicio", "esercizio", "oppgave", "uppgift", "ödev", "zadanie", "задание")
JOINED = r"(?:[\s_]*(?:[,&+]|and|und|et|y)[\s_]*0*\d+)*"  # 3 and 4: the second is meant as well


@cache
def problems_in(name: str) -> frozenset[str]:
    """The problems that can be read in a name: by what they are called, else by a noun or an
    initial and their number, else by a number alone."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    stem = re.split(r"\.(?=[a-z])", plain.strip(), maxsplit=1)[0].strip()
    # Behind that, where a learner's name has a dot.
    for text, by in product((stem, plain.rpartition(".")[0]), (_called, _abbreviated, _numbered)):
        if read := frozenset(by(text)):
            return read
    return frozenset()


def problem_in(name: str) -> str | None:
    """The one problem that can be read in a name; None where there is none, or several."""
    read = problems_in(name)
    return next(iter(read)) if len(read) == 1 else None


def is_canonical(path: PurePath) -> bool:
    """Whether a file has the very name of a problem."""
    return path.stem in graded()


def _words(problem: str) -> tuple[str, str]:
    """`problem_3` as its word and its number."""
    word, _, number = problem.rpartition("_")
    return word, number


def _by_number(pattern: str, stem: str, among: list[str]) -> set[str]:
    """The problems whose numbers follow the pattern."""
    read = set()
    for match in re.finditer(rf"{pattern}[\s_.#-]*(\d+(?!\d){JOINED})", stem):
        numbers = {int(digits) for digits in re.findall(r"\d+", match[1])}
        read |= {name for name in among if _words(name)[1] in map(str, numbers)}
    return read


def _called(stem: str) -> set[str]:
    words = {_words(name)[0] for name in graded()} - {""}
    return {
        problem
        for word in words
        for problem in _by_number(
            re.escape(word).replace("_", r"[\s_-]*") + "s?",
            stem,
            [name for name in graded() if _words(name)[0] == word],
        )
    }


def _abbreviated(stem: str) -> set[str]:
    words = {_words(name)[0] for name in graded()} - {""}
    initials = {short for word in words for short in (word[:4], word[:3], word[0])}
    nouns = "|".join(sorted(initials | set(NOUNS), key=len, reverse=True))
    return _by_number(rf"(?<![^\W_])(?:{nouns})", stem, [*graded()])


def _numbered(stem: str) -> set[str]:
    alone = re.fullmatch(r"[\s(]*0*(\d+)[\s)]*", stem)
    return {name for name in graded() if alone and _words(name)[1] == alone[1]}
