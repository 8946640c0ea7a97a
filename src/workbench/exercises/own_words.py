"""An answer without what it only hands back: sentences of the exercise itself assert nothing."""

import json
import re
from functools import cache
from itertools import chain
from pathlib import Path

from workbench.exercises.registry import Exercise
from workbench.prose.propositions import credited
from workbench.prose.reading import CHARACTERS, read

COPIED = "Sentences of the exercise itself were left out: use your own words."
# What ends a sentence, a row's cell, a bullet, or one of several that a semicolon parts.
STOP = re.compile(r"[.!?;:|•\n]|(?<=\s)[-*–—](?=\s)")
EDGE = re.compile(rf"{STOP.pattern}|[()]")  # beside a sentence that is handed back: `1) `
WRAPPED = re.compile(r"\n(?![\n|#*-])")  # a line's end that is none of a sentence's
PIECE = re.compile(rf"(?:(?!{STOP.pattern}).)+\??", re.S)
WORD = re.compile(r"\w+")
SHORTEST = 4  # words: fewer, such as `directed acyclic graph`, are anybody's
BY_CHANCE = 1  # sentence that is word for word the exercise's, and may be the writer's own


def in_own_words(exercise: Exercise, text: str) -> str:
    """As much as is read of the text, without the sentences of the exercise.

    A single one is the writer's own where the rest says anything rightly; alone, or beside idle
    words, it is only handed back.
    """
    told = chain.from_iterable(
        (criterion.title, criterion.thought) for criterion in exercise.criteria
    )
    own = _sentences(exercise.starter, (exercise.title, *exercise.hints, *told))
    text = text[:CHARACTERS]
    words = [*WORD.finditer(text)]
    gaps = [0, *chain.from_iterable(word.span() for word in words), len(text)]
    stops = [
        at in (0, len(words)) or bool(EDGE.search(text, gaps[2 * at], gaps[2 * at + 1]))
        for at in range(len(words) + 1)
    ]
    plain = [word[0].lower() for word in words]
    lengths = sorted(set(map(len, own)), reverse=True)
    taken, free = {}, 0
    for begin in (at for at, stop in enumerate(stops) if stop):
        ends = (begin + length for length in lengths if begin + length < len(stops))
        ends = (end for end in ends if stops[end] and tuple(plain[begin:end]) in own)
        if begin >= free and (end := next(ends, 0)):
            taken[begin] = free = end
    rest = text
    for begin, end in reversed(taken.items()):
        rest = f"{rest[: words[begin].start()]}\n{rest[words[end - 1].end() + 1 :]}"
    by_chance = len({tuple(plain[begin:end]) for begin, end in taken.items()}) <= BY_CHANCE
    return text if by_chance and (not taken or _earns(exercise, rest)) else rest


def _earns(exercise: Exercise, text: str) -> bool:
    """Whether a text says anything rightly."""
    subjects = [subject for criterion in exercise.criteria for subject in criterion.subjects]
    return bool(credited(read(text), subjects))


@cache
def _sentences(starter: Path, told: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """The words of each sentence of an exercise; its questions assert nothing anyway."""
    book = json.loads(starter.read_text(encoding="utf-8")) if starter.exists() else {"cells": []}
    cells = (cell["source"] for cell in book["cells"] if cell["cell_type"] == "markdown")
    texts = (*told, *map("".join, cells))
    pieces = (piece for text in texts for piece in PIECE.findall(WRAPPED.sub(" ", text)))
    said = (tuple(WORD.findall(piece.lower())) for piece in pieces if not piece.endswith("?"))
    return frozenset(words for words in said if len(words) >= SHORTEST)
