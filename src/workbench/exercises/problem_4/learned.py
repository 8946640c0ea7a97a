"""What a model has learned from: the rows of its own training, of those that it goes on from, and
of those that its parts have been through since."""

import contextlib
import os
import re
import zlib
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from workbench.exercises.problem_4 import rows

TRAINING = "observed_training"  # attribute of a fitted model, saved with it
LIBRARIES = ("xgboost.", "lightgbm.")  # whose boosters can be read back from formats of their own
_kept: dict[str | int, dict[str, Any]] = {}  # of boosters: number, or first tree → what was noted


def training_of(model: Any) -> dict[str, Any] | None:
    """What was noted when a model was fitted: {"fit": number or None, "kind": one of KINDS or None,
    "rows": digests, "twins": share, "values": rows or None}."""
    return getattr(model, TRAINING, None)


def noted(table: Any, keeps: bool, **told: Any) -> dict[str, Any]:
    """The same of a training on a table; keeps: whether its rows are to be compared with others."""
    digests = rows.digests(table)
    distinct = rows.distinct(table, digests)
    small = keeps and table.size <= rows.LARGEST  # it is saved with the model
    told |= {
        "rows": digests,
        "twins": rows.twins(distinct, digests),
        "values": distinct if small else None,
    }
    return {"fit": None, "kind": None} | told


def weighed(table: Any, sample_weight: Any = None, **_: Any) -> Any:
    """The rows of a table that weigh anything in a training."""
    import numpy as np

    return table if sample_weight is None else table[np.asarray(sample_weight) != 0]


def table_of(given: Any) -> Any:
    """What a set of rows of xgboost's or lightgbm's holds, None where it has given it away; what is
    no such set itself."""
    if not hasattr(given, "get_data"):
        return given
    with contextlib.suppress(Exception):  # lightgbm's is made only when it is trained on
        return given.get_data()
    return getattr(given, "data", None)


def of_tables(given: Iterable[Any]) -> list[dict[str, Any]]:
    """What is noted of a training on each table, or set of rows, among what is given. A set keeps
    it: when it has been trained on, it may have given its rows away."""
    trainings = []
    for part in given:
        table, training = table_of(part), training_of(part)
        if training is None and getattr(table, "ndim", 0) == 2:
            training = noted(rows.values(table), keeps=False)
            if table is not part:
                setattr(part, TRAINING, training)
            trainings.append(training)
    return trainings


def parts_of(model: Any) -> list[Any]:
    """What a model of one of KINDS asks when it predicts: its trees or its booster."""
    kind = (training_of(model) or {}).get("kind")
    with contextlib.suppress(AttributeError):  # as of one that is not fitted any more
        if kind == "random_forest":
            return list(model.estimators_)
        if kind == "xgboost":
            return [model.get_booster()]
        if kind == "lightgbm":
            return [model.booster_]
    return []


def tree_of(booster: Any) -> dict[str, int]:
    """{tree: a number for how the first tree of a booster of lightgbm's splits rows}, which a file
    of its own has, too; of others nothing."""
    if not hasattr(booster, "model_to_string"):
        return {}
    text = booster.model_to_string(num_iteration=1)
    splits = re.findall(r"(?m)^(?:split_feature|threshold)=.*", text)
    return {"tree": zlib.crc32("\n".join(splits).encode())}


def keep(training: dict[str, Any], tree: dict[str, int]) -> None:
    """Keep what was noted of a booster's training for when it is read back from a file or a text
    of its library's own, which carries no more than a number, or its trees."""
    import numpy as np

    kept = training | {"rows": np.array(training["rows"], np.uint32), "values": None}
    _kept.update(dict.fromkeys((training["fit"], *tree.values()), kept))


def recalled(model: Any) -> dict[str, Any] | None:
    """What was kept of the training of a booster, or of a model around one, that was read back; of
    one of xgboost's from another process, of whose rows nobody knows here, which one it was."""
    if not any(f"{base.__module__}.".startswith(LIBRARIES) for base in type(model).__mro__):
        return None
    with contextlib.suppress(Exception):  # such as that it is not fitted
        booster = model.get_booster() if hasattr(model, "get_booster") else model
        booster = getattr(booster, "booster_", booster)
        if hasattr(booster, "attr"):
            number = booster.attr(TRAINING)
            told = {"fit": number, "kind": "xgboost", "rows": [], "twins": 0.0, "values": None}
            return number and _kept.get(number, told)
        kept = _kept.get(tree_of(booster).get("tree"))
        if kept:  # it may be asked row by row
            setattr(booster, TRAINING, kept)
        return kept
    return None


def booster_at(path: Any) -> Any:
    """The booster in a file of a library's own, None where there is none."""
    for library in LIBRARIES if isinstance(path, str | os.PathLike) else ():
        with contextlib.suppress(Exception):
            return import_module(library[:-1]).Booster(model_file=os.fspath(path))
    return None


def trainings_of(models: Iterable[Any]) -> list[dict[str, Any]]:
    """What was noted of models, and of their parts, each once."""
    several = (
        training_of(part) or recalled(part)
        for model in models
        for part in (model, *parts_of(model))
    )
    return list({id(training): training for training in several if training}.values())


def together(trainings: list[dict[str, Any]]) -> dict[str, Any]:
    """The first of trainings, with the rows of all of them."""
    import numpy as np

    if len(trainings) == 1:
        return trainings[0]
    known, several = set(), []
    for training in trainings:
        if not known.issuperset(training["rows"]):
            known.update(training["rows"])
            several.append(training)
    twins = min(1.0, sum(training["twins"] for training in several))
    tables = [training["values"] for training in several]
    table = None
    if all(part is not None and part.shape[1:] == tables[0].shape[1:] for part in tables):
        table = np.concatenate(tables)
        table = rows.distinct(table, rows.digests(table))
    return trainings[0] | {"rows": list(known), "twins": twins, "values": table}
