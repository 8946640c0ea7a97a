"""What a run has saved, loaded where nothing else has been done: run this in a process of its own,
since a saved model may do anything when it is loaded."""

import contextlib
from typing import Any

from workbench.exercises.problem_4.estimators import kind_of, training_of
from workbench.sandbox.channel import load

DEPTH = 4  # of containers in which the model is looked for


def saved(source: str, path: str) -> dict[str, Any]:
    """{kind, fit, fitted, type} of what lies at ``path``, which may be in a format of xgboost or
    lightgbm; raise what loading it raises."""
    try:
        content = _loaded(source, path)
        model = _model_in(content)
        return {
            "kind": kind_of(model),
            "fit": (training_of(model) or {}).get("fit"),
            "fitted": _is_fitted(model),
            "type": type(content).__name__,
        }
    except Exception:
        if kind := _native_kind(path):
            return {"kind": kind, "fitted": True}
        raise


def _loaded(source: str, path: str) -> Any:
    import joblib

    try:
        return joblib.load(path)
    except (ModuleNotFoundError, AttributeError):  # of a class that the answer defines
        load(source)
        return joblib.load(path)


def _native_kind(path: str) -> str | None:
    import lightgbm
    import xgboost

    for kind, native in (("xgboost", xgboost.Booster), ("lightgbm", lightgbm.Booster)):
        with contextlib.suppress(Exception):
            native(model_file=path)
            return kind
    return None


def _is_fitted(model: Any) -> bool:
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    with contextlib.suppress(NotFittedError, TypeError):  # TypeError: not an estimator at all
        check_is_fitted(model)
        return True
    return False


def _model_in(content: Any, depth: int = DEPTH) -> Any:
    """The observed estimator in what was saved: itself, or inside a pipeline, dictionary, list or
    object; what was saved itself, if there is none."""
    if kind_of(content) or not depth:
        return content
    parts = getattr(content, "steps", None) or getattr(content, "__dict__", None) or content
    if isinstance(parts, dict):
        parts = parts.values()
    elif not isinstance(parts, list | tuple):
        return content
    models = (_model_in(part, depth - 1) for part in parts)
    return next((model for model in models if kind_of(model)), content)
