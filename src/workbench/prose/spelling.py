"""Words that were meant to be others: the one in the vocabulary of which a word is a slip."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

SHORTEST, LONG, LONGEST = 4, 8, 24  # letters of words that are mended; long ones may have two slips


class Speller:
    def __init__(self, known: Iterable[str], plain: frozenset[str]):
        """known: the words a slip may be of; plain: words that are right as they stand."""
        self._plain = plain
        self._alike: dict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)
        for word in known:
            if len(word) >= SHORTEST:
                self._alike[word[0], len(word)].append((_letters(word), word))
        self.mended = cache(self._mended)

    def _mended(self, word: str) -> str:
        """The known word that `word` is a slip of, or the word itself."""
        if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
            return word
        if not self._plain.isdisjoint((word, word.removesuffix("s"))):
            return word
        limit = 1 if len(word) < LONG else 2
        near = [
            (edits, sorted(known) != sorted(word), -len(known), known)
            for known in self._candidates(word, limit)
            if (edits := slips(word, known, limit)) <= limit
        ]
        return min(near)[-1] if near else word

    def _candidates(self, word: str, limit: int) -> Iterable[str]:
        """Known words that begin alike and share nearly all letters: an edit changes two."""
        letters = _letters(word)
        for first in {word[0], word[1]}:
            for length in range(len(word) - limit, len(word) + limit + 1):
                for known_letters, known in self._alike.get((first, length), ()):
                    if (letters ^ known_letters).bit_count() <= 2 * limit and (
                        first == word[0] or word[:2] == known[1::-1]
                    ):
                        yield known


def _letters(word: str) -> int:
    """How often each letter stands in a word, in unary: the bits of two words differ as they do."""
    bits = 0
    for letter in word:
        bit = 1 << ord(letter) % 32  # beyond a to z two letters may share one: more get through
        while bits & bit:
            bit <<= 32
        bits |= bit
    return bits


def slips(left: str, right: str, limit: int) -> int:
    """Edits between two words, a swap of neighbours counting once; above `limit` all is one."""
    left, right = _unlike(left, right)
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


def _unlike(left: str, right: str) -> tuple[str, str]:
    """Two words without what they begin and end with alike."""
    while left and right and left[0] == right[0]:
        left, right = left[1:], right[1:]
    while left and right and left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    return left, right
