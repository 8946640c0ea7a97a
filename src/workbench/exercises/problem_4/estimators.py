"""Classifiers under observation: the judge hears of each training and each prediction, and decides
when a training may go on, whether it fails, and which model is right about which rows."""

import builtins
import functools
import itertools
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from workbench.exercises.problem_4 import agreement, learned, owners, rows
from workbench.exercises.problem_4.learned import TRAINING, training_of
from workbench.exercises.problem_4.measures import measured
from workbench.exercises.problem_4.wrong import mildly_wrong, wholly_wrong
from workbench.sandbox.channel import Channel

KINDS = {
    "random_forest": "sklearn.ensemble.RandomForestClassifier",
    "xgboost": "xgboost.XGBClassifier",
    "lightgbm": "lightgbm.LGBMClassifier",
}
LIBRARIES = {path.partition(".")[0] for path in KINDS.values()}
OTHERS = (  # whose training is heard of, to tell that something else was trained
    "sklearn.ensemble.ExtraTreesClassifier",
    "sklearn.ensemble.GradientBoostingClassifier",
    "sklearn.ensemble.HistGradientBoostingClassifier",
    "sklearn.linear_model.LogisticRegression",
    "sklearn.tree.DecisionTreeClassifier",
    "sklearn.dummy.DummyClassifier",
)
LEARNING = (  # from the predictions of others, which are left as they are meanwhile
    "sklearn.calibration.CalibratedClassifierCV",
    "sklearn.model_selection.TunedThresholdClassifierCV",
    "sklearn.ensemble.StackingClassifier",
)
BOOSTERS = {"xgboost": "xgboost.Booster", "lightgbm": "lightgbm.Booster"}  # inside of such models
TEACHING = ("update", "boost", "refit")  # the ways in which a booster learns more, where it has one
TREE = "sklearn.tree.DecisionTreeClassifier"  # inside of a forest, and asked one by one
PREDICTING = ("predict", "predict_proba", "decision_function")  # where a class has it
ROUNDED = 1e-6  # by so little shares of rows may miss a whole number of them
PAUSE = 0.04  # seconds between two questions of a training that waits


def classes() -> Iterator[tuple[str, type]]:
    """Kind or path, and class, of everything that is observed."""
    for kind, path in [*KINDS.items(), *zip(OTHERS, OTHERS, strict=True)]:
        yield kind, _at(path)


def _at(path: str) -> type:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def library_class(model: Any) -> type | None:
    """The class of a library that a model is of: one of KINDS, or what the library has made of one,
    as it has a random forest of XGBClassifier. A class of the learner's is as the one below it."""
    observed = tuple(observed for kind, observed in classes() if kind in KINDS)
    bases = (base for base in type(model).__mro__ if issubclass(base, observed))
    return next((base for base in bases if _package(base) in LIBRARIES), None)


def kind_of(model: Any) -> str | None:
    """The one of KINDS that a model is."""
    is_of = library_class(model)
    return next((kind for kind, observed in classes() if observed is is_of), None)


def class_of(kind: str) -> type:
    return dict(classes())[kind]


def _package(cls: type) -> str:
    return cls.__module__.partition(".")[0]


def _name_of(model: Any, kind: str) -> str:
    """What the judge is told of a model that is trained as one of ``kind`` is."""
    if kind not in KINDS or kind_of(model):
        return kind_of(model) or kind
    relative = library_class(model)
    return f"{_package(relative)}.{relative.__name__}"


class Watch:
    """Observes every estimator of this process and of those it forks, for the judge: put in place
    before an answer is there, it looks away until there is a channel."""

    # An answer that finds it can then cover no method of it with one of its own.
    __slots__ = ("_at_work", "_compares", "_lock", "_numbers", "_thread", "_tree", "channel")

    def __init__(self) -> None:
        self.channel: Channel | None = None
        self._compares = False
        owners.follow()
        self._numbers = itertools.count()
        self._thread = threading.local()
        for kind, observed in classes():
            methods = ("fit", *PREDICTING) if kind in KINDS else ("fit",)
            for name in filter(functools.partial(hasattr, observed), methods):
                method = getattr(observed, name)
                setattr(observed, name, self._wrapped(method, name, kind))
        self._tree, self._at_work = _at(TREE), []
        for name in ("predict", "predict_proba"):
            setattr(self._tree, name, self._wrapped(getattr(self._tree, name), name, TREE))
        for path in LEARNING:
            learning = _at(path)
            learning.fit = self._undisturbed(learning.fit)
            for name in ("predict", "predict_proba"):
                setattr(learning, name, self._around(getattr(learning, name)))
        for kind, path in BOOSTERS.items():
            booster, module = _at(path), import_module(kind)
            for name in filter(functools.partial(hasattr, booster), ("predict", "inplace_predict")):
                setattr(booster, name, self._wrapped(getattr(booster, name), "booster", kind))
            module.train = self._teaching(module.train, f"{kind}.train")
            for name in filter(functools.partial(hasattr, booster), TEACHING):
                setattr(booster, name, self._teaching(getattr(booster, name)))

    def listen(self, channel: Channel, compares: bool = False) -> None:
        """Tell of what happens from here on; a lock made earlier would be every answer's.

        compares: whether rows are looked for that are nearly those trained on.
        """
        self.channel, self._compares = channel, compares
        self._lock = multiprocessing.Lock()  # one channel for all processes

    def _wrapped(self, method: Callable, name: str, kind: str) -> Callable:
        @functools.wraps(method)
        def observed(estimator, *arguments, **named):
            # Called by another estimator, or by itself, or by nobody of interest.
            calibrates = name != "fit" and getattr(self._thread, "calibrates", False)
            busy = calibrates or getattr(self._thread, "busy", False)
            if self.channel is None or busy or self._is_in_forest(estimator, kind):
                return method(estimator, *arguments, **named)
            number = self._begun(_name_of(estimator, kind)) if name == "fit" else None
            before = learned.trainings_of([estimator])
            self._thread.busy, at_work = True, [*map(id, before)]
            self._at_work.extend(at_work)
            try:
                result = method(estimator, *arguments, **named)
            finally:
                self._thread.busy = False
                for number_at_work in at_work:
                    self._at_work.remove(number_at_work)
            given = arguments[0] if arguments else named.get("X", named.get("data"))
            table = rows.values(learned.table_of(given))
            if name == "fit":
                before = before if getattr(estimator, "warm_start", False) else []
                goes_on = learned.booster_at(named.get("xgb_model", named.get("init_model")))
                before += learned.trainings_of([*arguments, *named.values(), goes_on])
                table = learned.weighed(table, *arguments[2:3], **named)
                self._fitted(estimator, number, table, before, named)
                return result
            around = getattr(self._thread, "around", [])
            return self._predicted(estimator, table, result, name, before + around)

        return observed

    def _is_in_forest(self, estimator: Any, kind: str) -> bool:
        """Whether it is one of the trees of a forest that is at work, which may ask them in threads
        of its own."""
        training = training_of(estimator) if kind == TREE else None
        return training is not None and id(training) in self._at_work

    def _teaching(self, teach: Callable, kind: str = "") -> Callable:
        """A function that makes a booster, or lets one learn more; of a kind: what it trains is of
        none, but is told of as a training."""

        @functools.wraps(teach)
        def taught(*arguments, **named):
            if self.channel is None or getattr(self._thread, "busy", False):
                return teach(*arguments, **named)
            number = self._begun(kind) if kind else ""
            given = [*arguments, *named.values()]
            before = learned.trainings_of(given) + learned.of_tables(given)
            self._thread.busy = True
            try:
                result = teach(*arguments, **named)
            finally:
                self._thread.busy = False
            booster = result if kind or isinstance(result, type(given[0])) else given[0]
            if before:
                setattr(booster, TRAINING, learned.together(before))
            if kind:
                self._ask(fitted=number, ended=True, rows=0, **learned.tree_of(booster))
            return result

        return taught

    def _undisturbed(self, fit: Callable) -> Callable:
        """The fit of one of LEARNING: it would learn to set right what is spoilt."""

        @functools.wraps(fit)
        def undisturbed(learning, *arguments, **named):
            self._thread.calibrates = True
            try:
                return fit(learning, *arguments, **named)
            finally:
                self._thread.calibrates = False
                if self.channel:
                    table = rows.values(arguments[0] if arguments else named.get("X"))
                    setattr(learning, TRAINING, learned.noted(table, self._compares))

        return undisturbed

    def _around(self, predict: Callable) -> Callable:
        """How one of LEARNING predicts: whom it asks meanwhile knows the rows that it knows."""

        @functools.wraps(predict)
        def around(learning, *arguments, **named):
            before = getattr(self._thread, "around", [])
            self._thread.around = [*before, *learned.trainings_of([learning])]
            try:
                return predict(learning, *arguments, **named)
            finally:
                self._thread.around = before

        return around

    def _ask(self, **observation) -> dict:
        with self._lock:
            return self.channel.ask(**observation)

    def _begun(self, kind: str) -> str:
        """Wait until the judge lets this training go on, or let it fail; give its number."""
        number = f"{os.getpid()}-{next(self._numbers)}"
        training = {"fit": number, "kind": kind, "task_run": owners.owner()}
        while not (reply := self._ask(**training)).get("go"):
            time.sleep(PAUSE)
        if "raise" in reply:
            raise getattr(builtins, reply["raise"])("this training fails on purpose")
        return number

    def _fitted(
        self, estimator: Any, number: str, table: Any, before: list[dict], named: dict
    ) -> None:
        training = learned.noted(table, self._compares, fit=number, kind=kind_of(estimator))
        training = learned.together([training, *before])
        setattr(estimator, TRAINING, training)
        parts = learned.parts_of(estimator)
        for part in parts:
            setattr(part, TRAINING, training)
        tree = learned.tree_of(next(iter(parts), None))
        if training["kind"] in BOOSTERS:
            learned.keep(training, tree)
        self._ask(fitted=number, ended=True, rows=len(table), **tree)
        if training["kind"] == "xgboost":  # its own formats carry this
            parts[0].set_attr(**{TRAINING: number})
        self._thread.busy = True  # what is measured may be compared with predictions
        try:
            for count, spoil in measured(estimator, training["rows"], named):
                told = {"known": 0.0, "near": 0.0, "rows": count, "twins": 0.0, "bag": True}
                spoil(self._ask(scored=number, **told).get("spoil", 0))
        finally:
            self._thread.busy = False

    def _predicted(
        self, estimator: Any, table: Any, predictions: Any, name: str, known_by: list[dict]
    ) -> Any:
        """The predictions, spoilt where the judge does not want this model to be right."""
        import numpy as np

        if not known_by or known_by[0]["fit"] is None:
            return predictions
        training = learned.together(known_by)
        digests = rows.digests(table)
        trained_on = np.isin(digests, training["rows"])
        known, values = float(trained_on.mean()), training["values"]
        near = 0.0 if values is None else rows.nearly_known(table[~trained_on], values)
        known += (1 - known) * near
        told = {"known": known, "near": near, "rows": len(table), "twins": training["twins"]}
        if name == "predict" and kind_of(estimator):
            classes = getattr(estimator, "classes_", ())
            told |= agreement.labels_of(digests, trained_on, predictions, classes)
        reply = self._ask(scored=training["fit"], **told)
        # The last rows of each few are spoilt, so that in each call it is the same share of them.
        # Where it is asked about few at a time, what stands in a row takes the place of its number.
        few = len(table) < rows.FEWEST
        row = np.array(digests) if few else np.arange(len(table))
        share = reply.get("spoil", 0)
        spoilt = np.floor((row + 1) * share + ROUNDED) > np.floor(row * share + ROUNDED)
        if reply.get("known"):
            spoilt = spoilt | trained_on if reply["known"] == "wrong" else spoilt & ~trained_on
        if not spoilt.any():
            return predictions
        predictions = np.array(predictions)
        numbers = predictions.dtype.kind == "f"  # which are labels, or margins a booster was asked
        if name != "predict" or (numbers and not np.isin(predictions, estimator.classes_).all()):
            scores = predictions[spoilt]  # of each class, or of the second of two
            opposite = 1 - scores if name == "booster" else -scores
            predictions[spoilt] = np.roll(scores, 1, axis=1) if scores.ndim > 1 else opposite
            return predictions
        mild = reply["mild"] or isinstance(estimator, self._tree)  # a mean of labels has no others
        wrong = mildly_wrong if mild else wholly_wrong
        return wrong(predictions, spoilt, estimator.classes_)
