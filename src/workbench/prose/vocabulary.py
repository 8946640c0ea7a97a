"""The words, phrases and propositions that prose is judged by: the tables of prose.toml, compiled.

A concept is written in capitals (TASK, CYCLE). A proposition is `sign pattern & @pattern & !pattern`: `+` wants an
affirming clause, `-` a denying one, `*` either; `@` looks at the sentence and the one before it, `!` must be absent.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path


@dataclass(frozen=True)
class Proposition:
    sign: str
    parts: tuple[tuple[str, re.Pattern], ...]

    def holds(self, concepts: str, context: str, denied: bool) -> bool:
        """Whether a clause of these concepts, in this context, affirmed or denied, says it."""
        if self.sign != "*" and denied != (self.sign == "-"):
            return False
        found = (
            (mark, pattern.search(context if mark == "@" else concepts))
            for mark, pattern in self.parts
        )
        return all(bool(match) != (mark == "!") for mark, match in found)


@dataclass(frozen=True, eq=False)
class Language:
    """The compiled tables of prose.toml."""

    concept: dict[str, str]  # every known form of a word → its concept
    words: dict[str, frozenset[str]]
    spelling: tuple[tuple[re.Pattern, str], ...]
    phrases: tuple[tuple[re.Pattern, str], ...]
    nonsense: tuple[re.Pattern, ...]
    contradiction: re.Pattern
    other: re.Pattern
    propositions: dict[str, dict[str, tuple[Proposition, ...]]]

    def lemma(self, word: str) -> str:
        return self.concept.get(word) or self.concept.get(self._mended(word), word)

    @cached_property
    def _by_start(self) -> dict[tuple[str, int], tuple[str, ...]]:
        """The known words of four letters and more, by first letter and length: where a slip's model can be."""
        found: dict[tuple[str, int], tuple[str, ...]] = {}
        for known in self.concept:
            if len(known) > 3:
                found[known[0], len(known)] = (*found.get((known[0], len(known)), ()), known)
        return found

    @cache  # noqa: B019 - the one Language lives as long as the process
    def _mended(self, word: str) -> str:
        """The known word that `word` is a slip of, or the word itself."""
        if (
            len(word) < 4
            or not word.isalpha()
            or {word, word.removesuffix("s")} & self.words["plain"]
        ):
            return word
        limit, letters = 1 if len(word) < 8 else 2, set(word)
        near = [
            (slips(word, known, limit), sorted(known) != sorted(word), -len(known), known)
            for first in {word[0], word[1]}
            for length in range(len(word) - limit, len(word) + limit + 1)
            for known in self._by_start.get((first, length), ())
            if (word[0] == known[0] or word[:2] == known[1::-1])
            and len(letters.symmetric_difference(known))
            <= 2 * limit  # one edit changes no more than two letters
        ]
        best = min(near, default=(9, True, 0, word))
        return best[3] if best[0] <= limit else word


def slips(left: str, right: str, limit: int) -> int:
    """Edits between two words, a swap of neighbours counting once; more than `limit` is all the same."""
    before, row = [], list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]


@cache
def language() -> Language:
    tables = tomllib.loads(Path(__file__).with_name("prose.toml").read_text(encoding="utf-8"))
    macros, phrases, criteria = tables["macros"], tables["phrases"], tables["criteria"]
    concept: dict[str, str] = {}
    for name, listed in tables["concepts"].items():
        for form in (
            form for word in listed.split() for form in ([word] if name == "NOT" else _forms(word))
        ):
            concept.setdefault(form, name)
    concept |= {
        word: name for name, listed in tables["concepts"].items() for word in listed.split()
    }
    sources = [old for old, _ in phrases["rewrite"]] + [
        s for table in criteria.values() for kind in table.values() for s in kind
    ]
    named = re.findall("[a-z]{2,}", " ".join(sources)) + tables["words"]["function"].split()
    return Language(
        concept={word: word for word in named} | concept,
        words={kind: frozenset(listed.split()) for kind, listed in tables["words"].items()},
        spelling=tuple((re.compile(old), new) for old, new in tables["spelling"]["mend"]),
        phrases=tuple(
            (re.compile(_pattern(old, macros, "(?!(?:NOT|BAN|but|,|--|;) )")), new)
            for old, new in phrases["rewrite"]
        ),
        nonsense=tuple(re.compile(_pattern(source, macros)) for source in phrases["nonsense"]),
        contradiction=re.compile(phrases["contradiction"]),
        other=re.compile(phrases["other"]),
        propositions={
            criterion: {
                kind: tuple(_proposition(source, macros) for source in sources)
                for kind, sources in table.items()
            }
            for criterion, table in criteria.items()
        },
    )


def _forms(word: str) -> list[str]:
    if len(word) < 3:
        return [word]
    forms = [
        word + suffix
        for suffix in ("", "s", "es", "d", "ed", "ing", "ly", word[-1] + "ed", word[-1] + "ing")
    ]
    forms += [word[:-1] + "ing"] if word.endswith("e") else []
    return forms + (
        [word[:-1] + ending for ending in ("ies", "ied", "ily")] if word.endswith("y") else []
    )


def _pattern(source: str, macros: dict[str, str], within: str = "") -> str:
    """A regular expression over space-ended tokens.

    `..` skips up to 3 tokens and `...` up to 9, `word?` is optional, `>word` must and `<word` must not follow.
    """
    parts = []
    for part in source.split():
        token = re.sub(r"\$(\w+)", lambda macro: macros[macro[1]], part)
        if token in ("..", "..."):
            parts.append(rf"(?:{within}\S+ ){{0,{3 if token == '..' else 9}}}?")
        elif token in ("^", "$"):
            parts.append(token)
        elif token[0] in "><":
            parts.append(f"(?{'=' if token[0] == '>' else '!'}(?:{token[1:]}) )")
        else:
            parts.append(f"(?:(?:{token[:-1]}) )?" if token.endswith("?") else f"(?:{token}) ")
    return r"(?<!\S)" + "".join(parts)


def _proposition(source: str, macros: dict[str, str]) -> Proposition:
    sign, _, rest = source.partition(" ")
    pieces = [
        (piece[0] if piece[0] in "@!" else "", piece.lstrip("@!")) for piece in rest.split(" & ")
    ]
    return Proposition(
        sign, tuple((mark, re.compile(_pattern(piece, macros))) for mark, piece in pieces)
    )
