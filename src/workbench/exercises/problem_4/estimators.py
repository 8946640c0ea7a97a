"""Classifiers under observation: the judge hears of each training and each prediction, and decides when a training
may go on, whether it fails, and which model is right about which rows."""

import contextlib
import functools
import itertools
import multiprocessing
import os
import threading
import time
import zlib
from importlib import import_module

from workbench.sandbox.channel import Channel

KINDS = {"random_forest": "sklearn.ensemble.RandomForestClassifier", "xgboost": "xgboost.XGBClassifier",
         "lightgbm": "lightgbm.LGBMClassifier"}  # fmt: skip
OTHERS = ("sklearn.ensemble.ExtraTreesClassifier", "sklearn.ensemble.GradientBoostingClassifier",
          "sklearn.ensemble.HistGradientBoostingClassifier", "sklearn.linear_model.LogisticRegression",
          "sklearn.tree.DecisionTreeClassifier", "sklearn.dummy.DummyClassifier")  # fmt: skip
PAUSE = 0.02  # seconds between two questions of a training that waits


def classes():
    """Kind or path, and class, of everything that is observed."""
    for kind, path in [*KINDS.items(), *zip(OTHERS, OTHERS, strict=True)]:
        module, _, name = path.rpartition(".")
        yield kind, getattr(import_module(module), name)


class Watch:
    """Observes every estimator of this process and of those it forks, on behalf of the judge."""

    def __init__(self, channel: Channel):
        self._channel = channel
        self._lock, self._numbers, self._here = (
            multiprocessing.Lock(),
            itertools.count(),
            threading.local(),
        )
        for kind, kind_class in classes():
            for name in ("fit", "predict", "predict_proba") if kind in KINDS else ("fit",):
                setattr(kind_class, name, self._wrapped(getattr(kind_class, name), name, kind))

    def _wrapped(self, original, name: str, kind: str):
        @functools.wraps(original)
        def method(estimator, *arguments, **named):
            if getattr(self._here, "busy", False):  # called by another estimator, or by itself
                return original(estimator, *arguments, **named)
            number = self._begin(kind) if name == "fit" else None
            self._here.busy = True
            try:
                result = original(estimator, *arguments, **named)
            finally:
                self._here.busy = False
            rows = _digests(arguments[0] if arguments else named.get("X"))
            if name != "fit":
                return self._predicted(estimator, rows, result, name)
            estimator._judged = {"fit": number, "rows": rows}
            self._ask(
                fitted=number, ended=time.time(), repeated=1 - len(set(rows)) / max(1, len(rows))
            )
            return result

        return method

    def _ask(self, **said) -> dict:
        with self._lock:
            return self._channel.ask(**said)

    def _begin(self, kind: str) -> str:
        """Wait until the judge lets this training go on, or let it fail; give its number."""
        from prefect.context import TaskRunContext

        context, number = TaskRunContext.get(), f"{os.getpid()}-{next(self._numbers)}"
        run, begun = str(context.task_run.id) if context else None, time.time()
        while not (reply := self._ask(fit=number, kind=kind, task_run=run, begun=begun)).get("go"):
            time.sleep(PAUSE)
        if "raise" in reply:
            raise RuntimeError(reply["raise"])
        return number

    def _predicted(self, estimator, rows: list[int], found, name: str):
        """The predictions, spoilt where the judge does not want this model to be right."""
        import numpy as np

        judged = getattr(estimator, "_judged", None)
        if judged is None:
            return found
        known = np.isin(rows, judged["rows"])
        reply = self._ask(scored=judged["fit"], known=float(known.mean()))
        wrong = {"known": known, "all": np.full(len(known), True)}.get(reply.get("spoil"))
        if wrong is None or not wrong.any():
            return found
        found, labels = np.array(found), estimator.classes_
        if name == "predict_proba":
            found[wrong] = np.roll(found[wrong], 1, axis=1)
        elif reply["mild"]:  # another label, which may happen to be right
            found[wrong] = labels[(np.searchsorted(labels, found[wrong]) + 1) % len(labels)]
        else:  # a label that no row has
            found = found if found.dtype.kind in "iuf" else found.astype(object)
            found[wrong] = (
                max(labels) + 1 if labels.dtype.kind in "iuf" else "a class that no row has"
            )
        return found


def _digests(table) -> list[int]:
    """A number for each row, the same for the same values whatever holds them."""
    import numpy as np

    table = np.asarray(table.toarray() if hasattr(table, "toarray") else table)
    with contextlib.suppress(TypeError, ValueError):
        table = table.astype(np.float32)
    return [
        zlib.crc32(row.tobytes() if row.dtype != object else repr(row.tolist()).encode())
        for row in table
    ]
