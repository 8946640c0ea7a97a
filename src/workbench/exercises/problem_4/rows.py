"""Rows of tables, told apart whoever holds them: which of some has a model been trained on?"""

import contextlib
import zlib
from collections import Counter
from typing import Any

FEWEST = 12  # rows of a table that tell more than chance
LARGEST = 2_000_000  # values of a table that is kept with its model, to be compared with others
SAMPLE = 64  # rows of each table whose nearest ones are looked for
SURE, SIGMAS = 0.3, 4  # beyond one half, and how often chance may do that
ALONE = 0.8  # times as far a copy's original lies, seen from the second nearest, or less
ALIKE = 1e-4  # of the usual distance: what rounding does to equal ones
UNLIKE = 2  # times that a column may be spread wider in one table: else it is not compared
WIDE = 4  # columns from which the one that differs most, such as a row's number, is left out
ENTRIES = 1 << 18  # of an array that is made at once
PAIRED = 1000  # rows of a table of which it is seen how many are alike in half of it
MORE = 10  # times as often as by chance alone may both halves of two rows be alike
UNSEEN = 4  # as many equal pairs may there be to expect where there is none (e^-4)


def digests(table: Any) -> list[int]:
    """A number for each row, the same for the same values whatever holds them."""
    return [zlib.crc32(_content(row)) for row in values(table)]


def values(table: Any) -> Any:
    """The table as an array, of numbers where it has such."""
    import numpy as np

    table = np.asarray(table.toarray() if hasattr(table, "toarray") else table)
    with contextlib.suppress(TypeError, ValueError):
        table = table.astype(np.float32)
    return table


def distinct(table: Any, numbers: list[int]) -> Any:
    """The table's rows, each once, in an order that says nothing; numbers: their digests."""
    import numpy as np

    return table[np.unique(numbers, return_index=True)[1]]


def twins(table: Any, numbers: list[int]) -> float:
    """The share, at most, of rows held out that chance makes equal to one of these, all distinct:
    where values are few, as many rows are alike in the one half and in the other. What was copied
    before it was split has twins although no half of it is alike. Of one column it is the share of
    rows that another one is equal to; numbers: the digests of all."""
    count = len(table)
    if count < FEWEST or table.ndim != 2:
        return 1.0
    if table.shape[1] < 2:
        times = Counter(numbers)
        return sum(many for many in times.values() if many > 1) / len(numbers)
    half = table.shape[1] // 2
    halves = [digests(part[:PAIRED]) for part in (table[:, :half], table[:, half:])]
    times = [Counter(numbers) for numbers in halves]
    # Made up rows, as with noise, may lie between those that have values in common.
    both = [pair for pair in zip(*halves, strict=True) if times[0][pair[0]] * times[1][pair[1]] > 1]
    rare = 2 * UNSEEN / len(halves[0]) ** 2  # of so few it cannot be said that there is none
    if not both:
        return min(1.0, count * rare**2 + count / 2**32)  # digests may be the same, too
    one, other = (
        max(rare, _alike(Counter(numbers), len(both))) for numbers in zip(*both, strict=True)
    )
    return min(1.0, MORE * count * len(both) / len(halves[0]) * one * other)


def _alike(times: Counter, count: int) -> float:
    """The share of pairs, of so many values, that are equal."""
    return sum(many * (many - 1) for many in times.values()) / max(1, count * (count - 1))


def nearly_known(asked: Any, trained: Any) -> float:
    """The share of the rows asked about that seem to be among those trained on although no value is
    the same, as where both were scaled apart or noise was added; 0.0 where it says nothing.

    Rows that are held out lie as far from those trained on as these, all distinct, from each other:
    the chance that one of them lies nearer is a half. Where these were chosen or moved to lie
    farther apart, the nearest is still hardly nearer than the second. In a table of few columns
    scaling may move a row farther than that: it stays unseen.
    """
    import numpy as np

    comparable = asked.ndim == trained.ndim == 2 and asked.shape[1] == trained.shape[1]
    if not comparable or object in (asked.dtype, trained.dtype):
        return 0.0
    if min(len(asked), len(trained)) < FEWEST:
        return 0.0
    whole = np.isfinite(trained).all(axis=0) & np.isfinite(asked).all(axis=0)
    trained, asked = trained[:, whole], asked[:, whole]
    spread, other = trained.std(axis=0), asked.std(axis=0)
    alike = (spread > 0) & (other <= spread * UNLIKE) & (spread <= other * UNLIKE)
    if not alike.any():
        return 0.0
    spread, trained, asked = spread[alike], trained[:, alike], asked[_some(asked)][:, alike]
    asked, trained = asked / spread, trained / spread
    own = _some(trained)
    ours, theirs = _nearest(asked, trained), _nearest(trained[own], trained, own)
    alone = _nearer(_alone(ours), ALONE * _alone(theirs))
    chance = min(_nearer(ours[:, 0], theirs[:, 0]), alone)
    sigma = np.sqrt((len(ours) + len(theirs) + 1) / (12 * len(ours) * len(theirs)))
    return 2 * chance - 1 if chance > 0.5 + max(SURE, SIGMAS * sigma) else 0.0


def _alone(two: Any) -> Any:
    """How far the nearest is, as a share of how far the second is."""
    import numpy as np

    return np.divide(two[:, 0], two[:, 1], out=np.ones(len(two), np.float32), where=two[:, 1] > 0)


def _nearer(ours: Any, theirs: Any) -> float:
    """The chance that one of ours is less than one of theirs."""
    import numpy as np

    less = ours[:, None] - theirs
    same = np.abs(less) <= ALIKE * np.median(theirs)
    return float(np.mean(same) / 2 + np.mean((less < 0) & ~same))


def _some(table: Any) -> Any:
    """The numbers of a few rows from all over a table."""
    import numpy as np

    return np.linspace(0, len(table) - 1, min(SAMPLE, len(table))).astype(int)


def _nearest(rows: Any, trained: Any, own: Any = None) -> Any:
    """How far from each row the two nearest ones trained on are; ``own``: their numbers among
    those, which do not count."""
    import numpy as np

    least = np.full((len(rows), 2), np.inf, np.float32)
    step = max(1, ENTRIES // rows.size)
    for first in range(0, len(trained), step):
        apart = np.abs(rows[:, None] - trained[None, first : first + step])
        sums = apart.sum(axis=2)
        if rows.shape[1] >= WIDE:
            sums -= apart.max(axis=2)
        if own is not None:
            within = (own >= first) & (own < first + step)
            sums[within, own[within] - first] = np.inf
        least = np.partition(np.concatenate([least, sums], axis=1), 1, axis=1)[:, :2]
    return least


def _content(row: Any) -> bytes:
    return repr(row.tolist()).encode() if row.dtype == object else row.tobytes()
