"""What words mean and what is looked for: the tables, compiled.

A concept is written in capitals (TASK, CYCLE); every form of a word that has one becomes it. A
proposition is `sign pattern & @pattern & !pattern`: `+` wants an affirming clause, `-` a denying
one, `*` either; what `@` marks may stand anywhere in the sentence or in the one before it, what `!`
marks must not stand in the clause.
"""

import itertools
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from workbench.prose.patterns import Line, Named, Pattern, line_of, pattern
from workbench.prose.spelling import Speller

TABLES = Path(__file__).parent / "tables"
PROPOSITIONS = TABLES / "propositions"
Mends = tuple[tuple[re.Pattern, str], ...]
BARRIER = frozenset({"NOT", "BAN", "but", ",", "--", ";"})  # no gap of a rewrite skips these


@dataclass(frozen=True)
class Proposition:
    """Something that a clause may assert: of one subject, and credit, wrong, doubt or near."""

    subject: str
    kind: str
    source: str
    sign: str
    conditions: tuple[tuple[str, Pattern], ...]  # each with its mark: "", "@" or "!"

    def holds(self, clause: Line, context: Line, denied: bool) -> bool:
        """Whether a clause, affirmed or denied, says it in this context."""
        if self.sign != "*" and denied != (self.sign == "-"):
            return False
        return all(
            condition.matches(context if mark == "@" else clause) != (mark == "!")
            for mark, condition in self.conditions
        )

    @property
    def needs(self) -> frozenset[str]:
        """Words of which the clause must have one; empty: it may hold without any."""
        needs = (condition.needs for mark, condition in self.conditions if not mark)
        return min(filter(None, needs), key=len, default=frozenset())


@dataclass(frozen=True)
class Rewrite:
    """A turn of phrase, and the concepts that stand for it."""

    needs: frozenset[str]
    span: re.Pattern
    new: str

    def apply(self, concepts: str) -> str:
        if self.needs and self.needs.isdisjoint(concepts.split()):
            return concepts
        return self.span.sub(
            lambda match: match.expand(self.new) + " " if self.new else "", concepts
        )


@dataclass(frozen=True, eq=False)
class Language:
    """The tables, compiled."""

    concept: dict[str, str]  # every known form of a word → its concept
    words: dict[str, frozenset[str]]
    letters: Mends  # of a sentence in which letters name things
    spelling: Mends
    frames: Mends  # that say that what is said is not asserted
    leads: Mends  # how a line governs what stands below it
    rewrites: tuple[Rewrite, ...]
    nonsense: tuple[Pattern, ...]
    propositions: tuple[Proposition, ...]

    def lemma(self, word: str) -> str:
        """The concept of a word, of the word that it is a slip of, or the word itself."""
        return self.concept.get(word) or self.concept.get(self._speller.mended(word), word)

    def spelt(self, word: str) -> str:
        """The known word that a word is a slip of, or the word itself."""
        return word if word in self.concept else self._speller.mended(word)

    @cached_property
    def _speller(self) -> Speller:
        return Speller(self.concept, self.words["plain"])

    @cached_property
    def _by_word(self) -> dict[str, list[Proposition]]:
        """The propositions that a clause may assert when it has a word; those under "*" always."""
        table = defaultdict(list)
        for proposition in self.propositions:
            for word in proposition.needs or {"*"}:
                table[word].append(proposition)
        return dict(table)

    @cache  # noqa: B019 - the one Language lives as long as the process
    def asserted(self, concepts: str, context: str, denied: bool) -> frozenset[tuple[str, str]]:
        """(subject, kind) of every proposition that a clause asserts."""
        clause, around = line_of(concepts), line_of(context)
        candidates = itertools.chain.from_iterable(
            self._by_word.get(word, ()) for word in clause.places
        )
        return frozenset(
            (proposition.subject, proposition.kind)
            for proposition in dict.fromkeys(candidates)
            if proposition.holds(clause, around, denied)
        )


@cache
def english() -> Language:
    """The tables of English, read and compiled once."""
    named = {
        name: value if isinstance(value, list) else "".join(value.split())
        for name, value in _table("named").items()
    }
    phrases = _table("phrases")
    rewrites = [line.split(" => ") for line in phrases["rewrite"]]
    propositions = tuple(_propositions(named))
    sources = [old for old, _ in rewrites] + [proposition.source for proposition in propositions]
    words = {kind: frozenset(listed.split()) for kind, listed in _table("words").items()}
    plain = frozenset((TABLES / "plain.txt").read_text(encoding="utf-8").split())
    return Language(
        concept=_concepts(sources, named, words["function"]),
        words=words | {"plain": plain},
        letters=_mends("spelling", "letters"),
        spelling=_mends("spelling", "mend"),
        frames=_mends("frames", "frames"),
        leads=_mends("frames", "leads"),
        rewrites=tuple(_rewrite(old, new, named) for old, new in rewrites),
        nonsense=tuple(pattern(source, named) for source in phrases["nonsense"]),
        propositions=propositions,
    )


def mended(line: str, mends: Mends) -> str:
    """The line with every mend made, one after the other."""
    for old, new in mends:
        line = old.sub(new, line)
    return line


def _mends(table: str, key: str) -> Mends:
    return tuple((re.compile(re.sub("\n    ", "", old)), new) for old, new in _table(table)[key])


def _table(name: str) -> dict:
    return tomllib.loads((TABLES / f"{name}.toml").read_text(encoding="utf-8"))


def _concepts(sources: Iterable[str], named: Named, function: frozenset[str]) -> dict[str, str]:
    """Every known word with its concept, or with itself when a pattern names it."""
    lists = [value if isinstance(value, str) else " ".join(value) for value in named.values()]
    own = {*re.findall("[a-z]{2,}", " ".join([*sources, *lists])), *function}
    forms: dict[str, str] = {}
    listed = [(w, name) for name, words in _table("concepts").items() for w in words.split()]
    for word, name in listed:
        for form in [word] if name == "NOT" else _forms(word):
            forms.setdefault(form, name)
    return {word: word for word in own} | forms | dict(listed)


def _forms(word: str) -> list[str]:
    if len(word) < 3:
        return [word]
    last = word[-1]
    endings = ("", "s", "es", "d", "ed", "ing", "ly", f"{last}ed", f"{last}ing")
    forms = [word + ending for ending in endings]
    if last == "e":
        forms.append(word[:-1] + "ing")
    if last == "y":
        forms += [word[:-1] + ending for ending in ("ies", "ied", "ily")]
    return forms


def _rewrite(old: str, new: str, named: Named) -> Rewrite:
    compiled = pattern(old, named, BARRIER)
    return Rewrite(compiled.needs, re.compile(r"(?<!\S)" + compiled.regex), new)


def _propositions(named: Named) -> Iterable[Proposition]:
    for path in sorted(PROPOSITIONS.glob("*.toml")):
        for kind, sources in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for source in sources:
                sign, _, rest = source.partition(" ")
                parts = [(part[0] if part[0] in "@!" else "", part) for part in rest.split(" & ")]
                conditions = tuple(
                    (mark, pattern(part.lstrip("@!"), named)) for mark, part in parts
                )
                yield Proposition(path.stem, kind, source, sign, conditions)
