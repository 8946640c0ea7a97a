"""What a library itself measures while a model is trained: a forest on the rows that each of its
trees has not seen, a booster on those that it is given beside."""

import contextlib
import functools
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from workbench.exercises.problem_4 import rows

ERRORS = {"error", "merror", "binary_error", "multi_error"}  # the shares among their measures
NEAR = 1e-5  # by so little is a measure rounded


def measured(
    model: Any, known: Collection[int], named: Mapping[str, Any]
) -> Iterator[tuple[int, Callable[[float], None]]]:
    """For each measurement on rows that are new to a fitted model: how many there are, and what
    makes it that of a model that is wrong about a share of them.

    known: the digests of the rows it was trained on; named: what its fit was given by name.
    """
    if hasattr(model, "oob_score_"):
        yield len(known), functools.partial(_lower, model)
    results = getattr(model, "evals_result_", None) or {}
    beside = named.get("eval_set") or []
    beside = [beside] if isinstance(beside, tuple) else beside  # as lightgbm takes it, too
    tables = [table for table, *_ in beside]
    if (alone := named.get("eval_X")) is not None:  # lightgbm's other way
        tables = alone if isinstance(alone, tuple) else [alone]
    own = _has_own(getattr(model, "eval_metric", None)) or _has_own(named.get("eval_metric"))
    for number, ((name, errors), table) in enumerate(zip(results.items(), tables, strict=False)):
        digests = rows.digests(table)
        if set(digests).isdisjoint(known):
            worse = dict.fromkeys(errors.keys() & ERRORS, _worse)
            if own:
                worse |= _shares(model, beside[number : number + 1], errors)
            yield len(digests), functools.partial(_worsen, model, name, errors, worse)


def _has_own(metric: Any) -> bool:
    """Whether a measure, or one of several, is a function of the learner's."""
    return callable(metric) or (isinstance(metric, list | tuple) and any(map(callable, metric)))


def _shares(model: Any, beside: list, errors: Mapping[str, list[float]]) -> dict[str, Callable]:
    """The measures that came to the share of rows that a model is right, or wrong, about, each
    with what makes it worse: what a function of the learner's measures says no name."""
    import numpy as np

    worse: dict[str, Callable] = {}
    with contextlib.suppress(Exception):  # labels may be of any kind
        ((table, labels, *_),) = beside
        right = float(np.mean(np.asarray(model.predict(table)) == np.asarray(labels)))
        for name, values in errors.items():
            ends = values[-1], min(values), max(values)  # one that stopped early goes back
            if any(abs(value - right) < NEAR for value in ends):
                worse[name] = _less
            elif any(abs(1 - value - right) < NEAR for value in ends):
                worse[name] = _worse
    return worse


def _lower(forest: Any, share: float) -> None:
    forest.oob_score_ *= 1 - share


def _worsen(
    model: Any,
    table: str,
    errors: dict[str, list[float]],
    worse: Mapping[str, Callable[[float, float], float]],
    share: float,
) -> None:
    best = (getattr(model, "_best_score", None) or {}).get(table) or {}  # lightgbm's
    for name, change in worse.items():
        errors[name][:] = [change(error, share) for error in errors[name]]
        if name in best:
            best[name] = change(best[name], share)
    # XGBoost's goes by the last measure, and is there where it could have stopped early.
    last = worse.get(next(reversed(errors), ""))
    if last and hasattr(model, "get_booster"):
        booster = model.get_booster()
        if score := booster.attr("best_score"):
            booster.set_attr(best_score=str(last(float(score), share)))


def _less(right: float, share: float) -> float:
    return right * (1 - share)


def _worse(error: float, share: float) -> float:
    return 1 - (1 - error) * (1 - share)
