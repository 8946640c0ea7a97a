"""How far two models agree about rows that are new to them: if they do, the one is as accurate as
the other, whatever the labels of these rows are."""

import zlib
from collections.abc import Sequence
from math import sqrt
from typing import TYPE_CHECKING, Any

from workbench.exercises.problem_4.leak import SURE

if TYPE_CHECKING:
    from workbench.exercises.problem_4.flow_run import FlowRun

MOST = 128  # labels of each call that are told
ROUNDED = 0.02  # what rounding does to two accuracies
FEWEST = 50  # rows that say how far models agree
CLOSE = 0.15  # share of the rows about which models may differ that are as good as each other
FAR = 0.5  # the same of one that may be far worse
ALL = 0.95  # share of rows in common, of which both runs are taken to have the same


def labels_of(digests: Sequence[int], known: Any, said: Any, classes: Any) -> dict[str, Any]:
    """What the judge is told of a model's labels for rows that are new to it: numbers of some of
    these rows, the same ones of other models, and of the labels; nothing where it gives no labels,
    as some settings let a booster do."""
    import numpy as np

    if np.ndim(said) != 1 or not np.isin(said, classes).all():
        return {}
    new = np.flatnonzero(~known)
    some = new[np.argsort(np.asarray(digests)[new], kind="stable")[:MOST]]
    return {
        "told": [int(digests[number]) for number in some],
        "labels": [_number(said[number]) for number in some],
    }


def _number(label: Any) -> int:
    try:
        label = float(label)
    except (TypeError, ValueError):
        label = str(label)
    return zlib.crc32(repr(label).encode())


def _labels(run: "FlowRun", kind: str) -> dict[int, set[int]]:
    """The labels that models of a kind gave in a run, by rows; none if they gave others things."""
    by_row: dict[int, set[int]] = {}
    for scored in (scored for scored in run.scored if scored["kind"] == kind):
        if "labels" not in scored:
            return {}
        for row, label in zip(scored["told"], scored["labels"], strict=True):
            by_row.setdefault(row, set()).add(label)
    return by_row


def unlike(one: dict[int, set[int]], other: dict[int, set[int]]) -> float | None:
    """The share of rows, at most but for chance, about which models differ; None where too few are
    known of. One that has given several labels for a row differs from any."""
    both = one.keys() & other.keys()
    if len(both) < FEWEST:
        return None
    alike = sum(one[row] == other[row] and len(one[row]) == 1 for row in both)
    share = (len(both) - alike + 1) / (len(both) + 2)
    return min(1.0, share + SURE * sqrt(share * (1 - share) / len(both)))


def at_least(default: "FlowRun", run: "FlowRun", margin: float) -> float | None:
    """What the accuracy of a run's winner, spoilt as it is, is at least, by that of the model which
    was returned by default, whose labels it gives for most rows; None where nothing tells.

    margin: what chance makes of rows that are not the very same.
    """
    if run.mixed or run.tells_known or default.mixed:
        return None
    chosen = default.result.get("model_type")
    before, now = _labels(default, chosen), _labels(run, run.winner)
    both, all_of_them = len(before.keys() & now.keys()), max(len(before), len(now))
    same = both >= ALL * all_of_them and not run.asks_some
    differing = unlike(before if same else _labels(run, chosen), now)
    if differing is None:
        return None
    least = max(0.0, default.accuracy - differing)
    if same:
        return least - run.taken - ROUNDED - 2 / run.asked
    return least * (1 - run.taken) - margin


def kept(run: "FlowRun", kinds: Sequence[str], usual: float) -> float:
    """How much of the second best one's predictions may be left as it is: half where models of
    these kinds are as good as each other, on rows that are many in each call and new to them; next
    to nothing where they differ so much that one may be far worse."""
    labels = [_labels(run, kind) for kind in kinds]
    shares = [unlike(labels[0], other) for other in labels[1:]]
    known = [share for share in shares if share is not None]
    if max(known, default=0) > FAR:
        return 1 / 16
    many = min((told["rows"] for told in run.scored), default=0) >= FEWEST
    are_close = len(known) == len(shares) and max(known) <= CLOSE
    return 1 / 2 if are_close and many and not run.mixed else usual
