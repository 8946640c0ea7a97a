"""What a library itself measures while a model is trained: a forest on the rows that each of its
trees has not seen, a booster on those that it is given beside."""

import functools
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from workbench.exercises.problem_4 import rows

ERRORS = {"error", "merror", "binary_error", "multi_error"}  # the shares among their measures


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
    for (name, errors), table in zip(results.items(), tables, strict=False):
        digests = rows.digests(table)
        if set(digests).isdisjoint(known):
            yield len(digests), functools.partial(_raise, model, name, errors)


def _lower(forest: Any, share: float) -> None:
    forest.oob_score_ *= 1 - share


def _raise(model: Any, table: str, errors: dict[str, list[float]], share: float) -> None:
    best = (getattr(model, "_best_score", None) or {}).get(table) or {}  # lightgbm's
    for name in errors.keys() & ERRORS:
        errors[name][:] = [_worse(error, share) for error in errors[name]]
        if name in best:
            best[name] = _worse(best[name], share)
    # XGBoost's goes by the last measure, and is there where it could have stopped early.
    if ERRORS & set([*errors][-1:]) and hasattr(model, "get_booster"):
        booster = model.get_booster()
        if score := booster.attr("best_score"):
            booster.set_attr(best_score=str(_worse(float(score), share)))


def _worse(error: float, share: float) -> float:
    return 1 - (1 - error) * (1 - share)
