"""What a run has saved, read in a process of its own that runs nothing of the learner's.

A pickle may call anything when it is loaded. Here it makes what a model consists of, objects of the
libraries; whatever else it names becomes an object without behaviour that holds what it was given.
"""

import contextlib
import inspect
import os
import stat
import sys
from collections import deque
from collections.abc import Callable, Collection, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from workbench.exercises.problem_4.estimators import BOOSTERS, KINDS, class_of, kind_of
from workbench.exercises.problem_4.internals import load_by
from workbench.exercises.problem_4.learned import TRAINING, recalled, training_of, tree_of

MOST = 10_000  # objects that are looked into for the model
PLAIN = (bool, int, float, str, bytes, type(None))  # which have nothing in them
PACKAGES = ("numpy",)  # without what is below it, but for:
LIBRARIES = (  # with all below them; classes of scipy.stats run texts
    *("sklearn.", "xgboost.", "lightgbm.", "scipy.sparse.", "collections.", "copyreg.", "_codecs."),
    *(f"numpy.{part}." for part in ("_core", "dtypes", "ma", "matrixlib", "random", "rec")),
)
TYPES = {
    *(("builtins", name) for name in ("object", "set", "frozenset", "list", "dict", "tuple")),
    *(("builtins", name) for name in ("slice", "range", "bytearray", "complex")),
    ("joblib.numpy_pickle", "NumpyArrayWrapper"),
}
THINGS = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
FUNCTIONS = {  # that NumPy and the standard library put into pickles
    *("_reconstruct", "scalar", "_frombuffer", "_reconstructor", "encode"),
    *("_convert_to_stringdtype_kwargs", "__randomstate_ctor", "__bit_generator_ctor"),
    "__generator_ctor",
}


class Thing:
    """An object whose class is not one of the libraries'."""

    def __new__(cls, *arguments: Any, **named: Any) -> "Thing":
        thing = super().__new__(cls)
        thing.arguments = [*arguments, *named.values()]
        return thing

    def __setstate__(self, state: Any) -> None:
        for part in state if isinstance(state, tuple) else (state,):
            if isinstance(part, dict):
                self.__dict__.update(part)
            else:  # as one with slots has a list
                self.append(part)

    def __call__(self, *arguments: Any, **named: Any) -> "Thing":
        return Thing(*arguments, **named)

    def append(self, part: Any) -> None:
        self.__dict__.setdefault("arguments", []).append(part)

    def __setitem__(self, key: Any, part: Any) -> None:
        self.append(part)


class Nothing(Thing):
    """What comes of a call that makes no object of what it is given, as one of `print`."""

    def __new__(cls, *arguments: Any, **named: Any) -> "Nothing":
        return super().__new__(cls)


def saved(path: str, scored: Collection[str] = ()) -> dict[str, Any]:
    """{kind, fit, fitted, type, beside} of what lies at ``path``, which may be in a format of
    xgboost or lightgbm; raise what loading it raises.

    scored: numbers of the trainings whose models were asked to predict. Such a one goes before
    others, as one may lie beside it that has only chosen its columns. beside: the kinds of those
    that lie no deeper: nothing tells which of them is meant."""
    if Path(path).exists() and not Path(path).is_file():
        kind = stat.S_IFMT(os.stat(path).st_mode)
        return {"error": f"it is no file but {THINGS.get(kind, 'something else')}"}
    try:
        content, errors = load_by(allowed, path, _not_made)
        models = [*_models_in(content)]
        fitted = [pair for pair in models if _is_fitted(pair[1])]
        if errors and not fitted:
            raise errors[0]
        fitted = fitted or models or [(0, content)]
        meant = [pair for pair in fitted if _fit(pair[1]) in scored] or fitted
        depth, model = meant[0]
        told = {
            "kind": _kind_of(model),
            "fit": _fit(model),
            "fitted": _is_fitted(model),
            "type": f"an object of the class {type(content).__name__:.200}",
            "beside": sorted({str(_kind_of(other)) for deep, other in meant if deep == depth}),
        }
        return told | (tree_of(model) if told["kind"] == "lightgbm" else {})
    except Exception:
        if native := _native(path):
            return native
        raise


def _kind_of(model: Any) -> str | None:
    """The one of KINDS that a model is, or that a booster is what learns in."""
    return kind_of(model) or next((kind for kind in BOOSTERS if _is_booster(model, kind)), None)


def _is_booster(model: Any, kind: str) -> bool:
    return isinstance(model, import_module(kind).Booster)


def _fit(model: Any) -> str | None:
    """The number of the training that a model comes from; of one of xgboost's, which may have been
    read from a file of its own, as that says it."""
    number = (training_of(model) or recalled(model) or {}).get("fit")
    return number if isinstance(number, str) else None


def allowed(module: str, name: str, find: Callable[[str, str], Any]) -> Any:
    """What a pickle gets for a name: what is found by it, or a class without behaviour."""
    from_library = module in PACKAGES or f"{module}.".startswith(LIBRARIES)
    # A dot leads on from a name to what that has, as to another module that it has imported.
    if "." not in name and (from_library or (module, name) in TYPES):
        value = find(module, name)
        known = name in FUNCTIONS or name.startswith("__pyx_unpickle_")
        if (known or isinstance(value, type)) and _is_defined_in(module, name, value):
            return value
    made = Nothing if _makes_nothing(module, name) else Thing
    return _without_behaviour(name.rpartition(".")[2], made)


def _makes_nothing(module: str, name: str) -> bool:
    """Whether a pickle names what is built in, or a function of the standard library: none makes an
    object that could hold a model, but for getattr, which gives a method of one."""
    if module == "builtins":
        return name != "getattr"
    is_standard = module.partition(".")[0] in sys.stdlib_module_names - {"copyreg"}
    return is_standard and inspect.isroutine(getattr(sys.modules.get(module), name, None))


def _without_behaviour(name: str, made: type = Thing) -> type:
    return type(name, (made,), {})


def _not_made(called: Any, *given: Any) -> Thing:
    """What stands for an object that is made of things without behaviour, and cannot be."""
    name = getattr(called, "__name__", type(called).__name__)
    return _without_behaviour(str(name))(called, *given)


def _is_defined_in(module: str, name: str, value: Any) -> bool:
    """Whether what a module has by a name is its own, not what it has imported."""
    return (value.__module__, value.__qualname__) == (module, name)


def _native(path: str) -> dict[str, Any] | None:
    """{kind, native, fit, fitted} of a file of xgboost or lightgbm; only the first can hold which
    training it comes from, the second is told by its first tree."""
    import lightgbm
    import xgboost

    with contextlib.suppress(Exception):
        booster = xgboost.Booster(model_file=path)
        fit, fitted = booster.attr(TRAINING), booster.num_boosted_rounds() > 0
        return {"kind": "xgboost", "native": True, "fit": fit, "fitted": fitted}
    with contextlib.suppress(Exception):
        booster = lightgbm.Booster(model_file=path)
        told = {"fit": None, "fitted": booster.num_trees() > 0} | tree_of(booster)
        return {"kind": "lightgbm", "native": True} | told
    return None


def _is_fitted(model: Any) -> bool:
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    if _kind_of(model) != kind_of(model):  # a booster, which may be empty
        rounds = getattr(model, "num_boosted_rounds", None) or model.num_trees
        return rounds() > 0
    with contextlib.suppress(NotFittedError, TypeError):  # TypeError: not an estimator at all
        check_is_fitted(model)
        return True
    return False


def _as_extended(content: Any) -> Any:
    """An object of a class of the learner's that extends one of KINDS as an object of that one."""
    if not isinstance(content, Thing):  # which of others may ask what is not there
        return content
    kind = (training_of(content) or {}).get("kind")
    if kind not in KINDS:
        return content
    model = object.__new__(class_of(kind))
    model.__dict__.update(vars(content))
    return model


def _models_in(content: Any) -> Iterator[tuple[int, Any]]:
    """The observed estimators in what was saved, and how deep each lies: itself, or inside
    pipelines, searches, containers and objects, where a template may lie beside the one that was
    fitted."""
    left, known = deque([(0, content)]), {}  # what lies deep, as among rows, comes last
    while left and len(known) < MOST:
        depth, part = left.popleft()
        if id(part) in known:
            continue
        known[id(part)] = part
        model = _as_extended(part)
        if _kind_of(model):
            yield depth, model
        else:
            left.extend((depth + 1, inside) for inside in _parts_of(part))


def _parts_of(content: Any) -> list[Any]:
    """What a container or an object holds that may hold something in its turn."""
    import numpy as np

    parts = [*getattr(content, "__dict__", {}).values()]
    if isinstance(content, dict):
        parts += content.values()
    elif isinstance(content, list | tuple | set | frozenset | deque):
        parts += content
    elif type(content) is np.ndarray and content.dtype == object:
        parts += content.ravel().tolist()
    return [part for part in parts if type(part) not in PLAIN]
