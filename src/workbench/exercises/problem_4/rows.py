"""Rows of tables, told apart whoever holds them: which of some has a model been trained on?"""

import contextlib
import zlib
from typing import Any

CLOSE = 0.05  # share of the rows trained on that are no farther from each other than "near"
MOST = 0.5  # share beyond that of the rows asked about: held-out ones are no nearer than others
FEWEST = 10  # rows asked about that tell more than chance
LARGEST = 400_000  # values of a table in which the nearest rows are looked for


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


def nearly_known(asked: Any, trained: Any) -> float:
    """The share of the rows asked about that lie nearer to one trained on than hardly any two of
    those do, as where both were scaled apart or noise was added; 0.0 where it says nothing.

    Rows that are held out lie as far from those trained on as these from each other. In a table of
    few columns scaling may move a row farther than that: it stays unseen.
    """
    import numpy as np
    from scipy.spatial import cKDTree

    comparable = asked.ndim == trained.ndim == 2 and asked.shape[1] == trained.shape[1]
    if not comparable or object in (asked.dtype, trained.dtype):
        return 0.0
    if len(asked) < FEWEST or max(asked.size, trained.size) > LARGEST:
        return 0.0
    trained = np.unique(trained, axis=0)
    spread = trained.std(axis=0)
    if len(trained) < FEWEST or not np.isfinite(trained).all() or not np.isfinite(asked).all():
        return 0.0
    spread[spread == 0] = 1
    tree = cKDTree(trained / spread)
    apart = tree.query(trained / spread, k=2)[0][:, 1]
    near = np.quantile(apart, CLOSE)
    share = float(np.mean(tree.query(asked / spread)[0] <= near))
    return share if share > MOST + np.mean(apart <= near) else 0.0


def _content(row: Any) -> bytes:
    return repr(row.tolist()).encode() if row.dtype == object else row.tobytes()
