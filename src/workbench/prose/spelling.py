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
                told = _letters(word), word
                self._alike[word[0], len(word)].append(told)
                if word[0] != word[1]:
                    self._alike[word[1::-1], len(word)].append(told)
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
        letters, most = _letters(word), 2 * limit
        for length in range(len(word) - limit, len(word) + limit + 1):
            for beginning in (word[0], word[:2]):  # as it is, or with its first two swapped
                for known_letters, known in self._alike.get((beginning, length), ()):
                    if (letters ^ known_letters).bit_count() <= most:
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
    if not limit:
        return int(left != right)
    left, right = _unlike(left, right)
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    if not left or not right:
        return len(left or right)
    # They begin unlike: something happens here, and the rest is a matter of fewer edits.
    rests = [(left[1:], right[1:]), (left[1:], right), (left, right[1:])]
    if left[1:2] == right[0] and right[1:2] == left[0]:
        rests.append((left[2:], right[2:]))
    return 1 + min(slips(*rest, limit - 1) for rest in rests)


def _unlike(left: str, right: str) -> tuple[str, str]:
    """Two words without what they begin and end with alike."""
    shorter, start, end = min(len(left), len(right)), 0, 0
    while start < shorter and left[start] == right[start]:
        start += 1
    while end < shorter - start and left[-1 - end] == right[-1 - end]:
        end += 1
    return left[start : len(left) - end], right[start : len(right) - end]
