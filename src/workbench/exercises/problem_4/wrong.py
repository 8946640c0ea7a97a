"""Predictions that are wrong about some of the rows."""

from typing import Any


def mildly_wrong(predictions: Any, spoilt: Any, labels: Any) -> Any:
    """Another label in the spoilt rows, which may happen to be right."""
    import numpy as np

    following = np.searchsorted(labels, predictions[spoilt]) + 1
    predictions[spoilt] = labels[following % len(labels)]
    return predictions


def wholly_wrong(predictions: Any, spoilt: Any, labels: Any) -> Any:
    """A label that no row has, in the spoilt rows."""
    numbers = "iuf"  # NumPy's kinds: signed, unsigned, floating
    if predictions.dtype.kind not in numbers:
        predictions = predictions.astype(object)
    none_has = max(labels) + 1 if labels.dtype.kind in numbers else "a class that no row has"
    predictions[spoilt] = none_has
    return predictions
