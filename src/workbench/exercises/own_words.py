"""An answer without what it only hands back: sentences of the exercise itself assert nothing."""

import json
import re
from bisect import bisect
from collections import defaultdict
from functools import cache
from itertools import chain
from pathlib import Path

from workbench.exercises.registry import Exercise
from workbench.prose.propositions import credited
from workbench.prose.reading import CHARACTERS, read
from workbench.prose.spelling import slips
from workbench.prose.vocabulary import english

COPIED = "Sentences of the exercise itself were left out: use your own words."
# What ends a sentence, a row's cell, a bullet, or one of several that a semicolon parts.
STOP = re.compile(r"[.!?;:|•\n]|(?<=\s)[-*–—](?=\s)")
WRAPPED = re.compile(r"\n(?![\n|#*-])")  # a line's end that is none of a sentence's
PIECE = re.compile(rf"(?:(?!{STOP.pattern}).)+\??", re.S)
WORD = re.compile(r"\w+")
Words = tuple[str, ...]
LONG = 6  # words of a sentence that is the same with one of them changed
CHANGED = 2  # such sentences that were changed in a text that hands them back
SHORTEST = 4  # words: fewer, such as `directed acyclic graph`, are anybody's
# Words that join sentences or lead into them.
IDLE = """a also and as because but fact first furthermore hence here in is it like moreover next
now of or second so that the then there therefore third this thus true we well with"""
BY_CHANCE = 1  # sentence that is word for word the exercise's, and may be the writer's own


def in_own_words(exercise: Exercise, text: str) -> str:
    """As much as is read of the text, without the sentences of the exercise, whatever joins them.

    A single one is the writer's own where the rest says anything rightly; alone, or beside idle
    words, it is only handed back.
    """
    told = chain.from_iterable(
        (criterion.title, criterion.thought) for criterion in exercise.criteria
    )
    own = _sentences(exercise.starter, (exercise.title, *exercise.hints, *told))
    text = text[:CHARACTERS]
    words = [*WORD.finditer(text)]
    spelt = tuple(english().spelt(word[0].lower()) for word in words)
    taken: dict[int, tuple[int, Words]] = {}  # where one begins → where it ends, and which it is
    free = 0
    for begin in range(len(words)):
        if begin >= free and (ends := _ends(spelt, begin, own)):
            taken[begin] = max(ends)
            free = taken[begin][0]
    alike = {sentence for begin, (end, sentence) in taken.items() if spelt[begin:end] != sentence}
    if len(alike) < CHANGED:
        taken = {
            begin: (end, sentence)
            for begin, (end, sentence) in taken.items()
            if spelt[begin:end] == sentence
        }
    titles = " ".join(criterion.title for criterion in exercise.criteria)
    joins = {*IDLE.split(), *WORD.findall(titles.lower())}
    taken = _handed_back(text, words, taken, joins)
    rest = text
    for begin, (end, _) in reversed(taken.items()):
        rest = f"{rest[: words[begin].start()]}\n{rest[words[end - 1].end() + 1 :]}"
    by_chance = len({sentence for _, sentence in taken.values()}) <= BY_CHANCE
    return text if by_chance and (not taken or _earns(exercise, rest)) else rest


def _handed_back(
    text: str, words: list[re.Match], taken: dict[int, tuple[int, Words]], joins: set[str]
) -> dict[int, tuple[int, Words]]:
    """Those beside which nothing of the writer's own stands in their sentence: a reason, or what
    follows from it, shows that the whole is."""
    stops = [stop.start() for stop in STOP.finditer(text)]
    place = [bisect(stops, word.start()) for word in words]  # of each word: the sentence's number
    covered = {number for begin, (end, _) in taken.items() for number in range(begin, end)}
    own = {
        place[number]
        for number, word in enumerate(words)
        if number not in covered and word[0].isalpha() and word[0].lower() not in joins
    }
    return {begin: end for begin, end in taken.items() if place[begin] not in own}


def _ends(words: Words, begin: int, own: dict[str, list[Words]]) -> list[tuple[int, Words]]:
    """Where sentences of the exercise end that begin here, and which they are.

    A long one is the same with a word more, fewer or another between its ends.
    """
    ends = []
    for sentence in own.get(words[begin], ()):
        limit, size = int(len(sentence) >= LONG), len(sentence)
        for length in (size, size + limit, size - limit):
            part = words[begin : begin + length]
            if part[-1] == sentence[-1] and slips(part, sentence, limit) <= limit:
                ends.append((begin + len(part), sentence))
                break
    return ends


def _earns(exercise: Exercise, text: str) -> bool:
    """Whether a text says anything rightly."""
    subjects = [subject for criterion in exercise.criteria for subject in criterion.subjects]
    return bool(credited(read(text), subjects))


@cache
def _sentences(starter: Path, told: tuple[str, ...]) -> dict[str, list[Words]]:
    """The words of each sentence of an exercise, by its first.

    Its questions assert nothing anyway; what stands in its cells for answers is a sentence a line.
    """
    book = json.loads(starter.read_text(encoding="utf-8")) if starter.exists() else {"cells": []}
    kinds = {kind: [] for kind in ("markdown", "code", "raw")}
    for cell in book["cells"]:
        kinds[cell["cell_type"]].append("".join(cell["source"]))
    texts = (*told, *kinds["markdown"])
    pieces = [piece for text in texts for piece in PIECE.findall(WRAPPED.sub(" ", text))]
    pieces += chain.from_iterable(cell.split("\n") for cell in kinds["code"])
    said = (WORD.findall(piece.lower()) for piece in pieces if not piece.endswith("?"))
    sentences: dict[str, list[Words]] = defaultdict(list)
    for words in dict.fromkeys(tuple(map(english().spelt, words)) for words in said):
        if len(words) >= SHORTEST:
            sentences[words[0]].append(words)
    return dict(sentences)
