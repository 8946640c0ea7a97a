"""Patterns over the words of a clause, searched in a time that the clause cannot choose.

    A|B    one of these words                A|B?   … or none
    ..     up to 3 words, whatever they are  ...    up to 9
    >A|B   such a word comes next            <A|B   none of them does
    ~A|B   none of them is among the next 8
    *      any word                          NUMBER two digits or more
    ^  $   the beginning, the end            $NAME  words, or whole sequences, that named.toml names
    (A|B)  in a rewrite: what its replacement calls \\1

A clause of n words has n + 1 places: one before each word, one after the last. A set of places is
an integer with a bit for each, and an item turns the places reached before it into those reached
after it. So a search is one step an item: there is nothing to backtrack into, and a text made up to
be slow costs what any other of its length does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

GAPS = {"..": 3, "...": 9}
NEAR = 8  # words
Named = Mapping[str, str | list[str]]


class Line:
    """The words of a clause, and the places before which each stands."""

    def __init__(self, concepts: str):
        words = concepts.split()
        self.end = 1 << len(words)
        self.anywhere = 2 * self.end - 1
        self.places: dict[str, int] = {"*": self.end - 1}
        for number, word in enumerate(words):
            for name in (word, "NUMBER") if word.isdigit() and word[1:] else (word,):
                self.places[name] = self.places.get(name, 0) | 1 << number

    def before(self, words: frozenset[str]) -> int:
        """The places that one of these words follows."""
        places = 0
        if not words.isdisjoint(self.places):
            for word in words & self.places.keys():
                places |= self.places[word]
        return places


line_of = lru_cache(maxsize=1024)(Line)


@dataclass(frozen=True)
class Item:
    """One step of a pattern.

    kind: word, maybe, gap, next, not next, not near, begin, end or one of.
    """

    kind: str
    words: frozenset[str] = frozenset()
    reach: int = 0  # of a gap: the words that it may skip; `words` are those that it may not
    sequences: "tuple[Pattern, ...]" = ()
    captured: bool = False

    def step(self, places: int, line: Line) -> int:
        """The places reached from these."""
        if self.kind == "gap":
            return self._skip(places, line)
        if self.kind == "one of":
            ends = 0
            for sequence in self.sequences:
                ends |= sequence.ends(line, places)
            return ends
        if self.kind in ("begin", "end"):
            return places & (1 if self.kind == "begin" else line.end)
        if self.kind == "not near":
            return places & ~_up_to(line.before(self.words))
        before = places & line.before(self.words)
        if self.kind in ("next", "not next"):
            return before if self.kind == "next" else places & ~before
        return before << 1 | (places if self.kind == "maybe" else 0)

    def _skip(self, places: int, line: Line) -> int:
        passable = line.end - 1 & ~line.before(self.words)
        skipped = places
        for _ in range(self.reach):
            skipped = (skipped & passable) << 1
            places |= skipped
        return places

    @property
    def regex(self) -> str:
        """The same over words that end in a space, for a rewrite: it has to know the span."""
        names = {"*": r"\S+", "NUMBER": r"\d\d+"}
        words = "|".join(names.get(word) or re.escape(word) for word in sorted(self.words))
        word = f"({words}) " if self.captured else f"(?:{words}) "
        if self.kind == "gap":
            barred = f"(?!{word})" if words else ""
            return rf"(?:{barred}\S+ ){{0,{self.reach}}}?"
        if self.kind == "one of":
            return "(?:" + "|".join(sequence.regex for sequence in self.sequences) + ")"
        return {
            "word": word,
            "maybe": f"(?:{word})?",
            "next": f"(?={word})",
            "not next": f"(?!{word})",
            "not near": rf"(?!(?:\S+ ){{0,{NEAR - 1}}}{word})",
            "begin": "^",
            "end": "$",
        }[self.kind]


def _up_to(places: int) -> int:
    """The places, and those at most so many words before one of them."""
    for _ in range(NEAR - 1):
        places |= places >> 1
    return places


@dataclass(frozen=True)
class Pattern:
    items: tuple[Item, ...]
    needs: frozenset[str] = field(init=False)  # words of which one must be there; empty: any may

    def __post_init__(self):
        required = [item.words for item in self.items if item.kind == "word"]
        needs = min((words for words in required if "*" not in words), key=len, default=frozenset())
        object.__setattr__(self, "needs", needs)

    def ends(self, line: Line, places: int) -> int:
        """The places where the pattern can end when it begins at one of these."""
        for item in self.items:
            places = item.step(places, line)
            if not places:
                break
        return places

    def matches(self, line: Line) -> bool:
        return bool(self.ends(line, line.anywhere))

    @property
    def regex(self) -> str:
        return "".join(item.regex for item in self.items)


def pattern(source: str, named: Named, barrier: frozenset[str] = frozenset()) -> Pattern:
    """Compile a pattern. barrier: the words that its gaps do not skip."""
    return Pattern(tuple(_item(text, named, barrier) for text in source.split()))


def _item(text: str, named: Named, barrier: frozenset[str]) -> Item:
    if text in GAPS:
        return Item("gap", barrier, GAPS[text])
    if text in ("^", "$"):
        return Item("begin" if text == "^" else "end")
    if isinstance(sequences := named.get(text[1:]), list):
        return Item(
            "one of", sequences=tuple(pattern(sequence, named, barrier) for sequence in sequences)
        )
    kind = {"<": "not next", ">": "next", "~": "not near"}.get(text[0] if text[1:] else "", "word")
    text = text[kind != "word" :]
    if kind == "word" and text.endswith("?"):
        kind, text = "maybe", text[:-1]
    captured = text[0] == "(" and text[-1] == ")"
    return Item(kind, _words(text[1:-1] if captured else text, named), captured=captured)


def _words(text: str, named: Named) -> frozenset[str]:
    words: set[str] = set()
    for word in text.split("|"):
        words |= _words(named[word[1:]], named) if word[0] == "$" else {word}
    return frozenset(words)
