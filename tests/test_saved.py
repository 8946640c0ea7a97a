"""A saved model is read without calling what its pickle names."""

import json
import os
import pickle
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from multiprocessing import get_context
from typing import NamedTuple
from zoneinfo import ZoneInfo

import cloudpickle
import joblib
import numpy as np
import pytest
from lightgbm import LGBMClassifier

from workbench.exercises.problem_4 import mistakes
from workbench.exercises.problem_4.flow_run import FlowRun
from workbench.exercises.problem_4.learned import tree_of
from workbench.exercises.problem_4.saved import Thing, allowed, saved


@cache
def model():
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(n_estimators=2).fit([[0.0], [1.0], [2.0]], [0, 1, 1])


def piped(*steps):
    from sklearn import pipeline, preprocessing

    made = [getattr(preprocessing, name)(*given) for name, *given in steps]
    return pipeline.make_pipeline(*made, model())


def table():
    import pandas

    dates = pandas.date_range("2020", periods=2, tz="UTC")
    return pandas.DataFrame({"name": ["a", "b"], "at": dates, "kind": pandas.Categorical([1, 2])})


def with_itself(listed, *more):
    listed += [listed, *more]
    return listed


def searched():
    from scipy.stats import randint
    from sklearn.model_selection import RandomizedSearchCV

    draws = {"n_estimators": randint(1, 4)}
    search = RandomizedSearchCV(type(model())(), draws, n_iter=2, cv=2)
    return search.fit([[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1])


@dataclass
class Bundle:
    name: str
    model: object


@dataclass(frozen=True, slots=True)
class Slots:
    name: str
    model: object


class Pair(NamedTuple):
    model: object
    name: str


class Command:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


class Evaluated(Command):
    def __reduce__(self):
        return exec, (f"import os; os.mkdir({self.path!r})",)


class Distribution(Command):
    def __reduce__(self):
        from scipy.stats import rv_continuous

        return rv_continuous, (), {"_parse_arg_template": f"import os; os.mkdir({self.path!r})"}


HOLDS = {
    "a model": model,
    "a dictionary": lambda: {"score": 0.9, "model": model()},
    "a tuple": lambda: (model(), "random_forest"),
    "an object of a class of the answer's": lambda: Bundle("best", model()),
    "one with slots": lambda: Slots("best", model()),
    "a named tuple": lambda: Pair(model(), "best"),
    "one of many containers in each other": lambda: [
        {"a": ([Bundle("b", [Pair([model()], "c")])],)}
    ],
    "one beside a moment": lambda: [
        datetime.now(UTC),
        datetime.now(ZoneInfo("Europe/Oslo")),
        model(),
    ],
    "a table with it": lambda: table().assign(made=[model(), model()]),
    "one beside a table": lambda: {"table": table(), "model": model()},
    "a list that has itself": lambda: with_itself([1.0] * 20_000, model()),
    "a search over a distribution of scipy's": searched,
    "a pipeline": lambda: piped(("StandardScaler",)),
    "a pipeline with a function": lambda: piped(("FunctionTransformer", lambda X: X)),
}


def read(path):
    """What is told of a file by a process of its own, as the observer starts one."""
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        return pool.submit(saved, str(path)).result()


WAYS = {
    "pickle": lambda content, path: path.write_bytes(pickle.dumps(content)),
    "joblib": joblib.dump,
    "compressed": lambda content, path: joblib.dump(content, path, compress=3),
    "cloudpickle": lambda content, path: path.write_bytes(cloudpickle.dumps(content)),
}
SAVED = [
    (content, way)
    for content in HOLDS
    for way in WAYS
    # no other takes a function without a name
    if content != "a pipeline with a function" or way == "cloudpickle"
]


@pytest.mark.parametrize(("content", "way"), SAVED)
def test_a_fitted_model_is_found_in_what_was_saved(tmp_path, content, way):
    WAYS[way](HOLDS[content](), tmp_path / "model")
    told = read(tmp_path / "model")
    assert (told["kind"], told["fitted"]) == ("random_forest", True)


def test_of_several_models_the_one_that_was_asked_to_predict_counts(tmp_path):
    several = [type(model())(2).fit([[0.0], [1.0]], [0, 1]) for _ in range(3)]
    for number, one in enumerate(several):
        one.observed_training = {"fit": f"7-{number}"}
    joblib.dump(several, tmp_path / "model")
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        told = pool.submit(saved, str(tmp_path / "model"), ["7-1"]).result()
    assert told["fit"] == "7-1"


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_file_that_was_cut_off_is_an_error(tmp_path, kept):
    joblib.dump([1.0, model(), "more"], tmp_path / "model")
    whole = (tmp_path / "model").read_bytes()
    (tmp_path / "model").write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises((EOFError, ValueError, pickle.UnpicklingError, KeyError)):
        read(tmp_path / "model")


def test_one_that_was_not_fitted_is_told(tmp_path):
    joblib.dump(type(model())(), tmp_path / "model")
    assert read(tmp_path / "model")["fitted"] is False


@pytest.mark.parametrize("kind", [Command, Evaluated, Distribution])
def test_what_a_pickle_calls_is_not_called(tmp_path, kind):
    (tmp_path / "model").write_bytes(pickle.dumps({"model": kind(str(tmp_path / "made"))}))
    assert read(tmp_path / "model")["kind"] is None
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("numpy.random._pickle", "__randomstate_ctor.__class__"),  # a type, behind a dot
        ("collections", "_itemgetter"),  # a type of operator
        ("sklearn.pipeline", "clone"),  # a function
        ("subprocess", "Popen"),
        ("scipy.stats", "rv_continuous"),
    ],
)
def test_what_a_library_does_not_define_is_without_behaviour(module, name):
    assert issubclass(allowed(module, name, pickle.Unpickler(BytesIO()).find_class), Thing)


class Kept:
    """What says itself what its pickle calls."""

    def __init__(self, called, *given):
        self.called = called, given

    def __reduce__(self):
        return self.called


@pytest.mark.parametrize("called", [print, repr, str, json.dumps])
def test_what_a_function_gives_holds_no_model(tmp_path, called):
    joblib.dump(Kept(called, model()), tmp_path / "best")
    assert saved(str(tmp_path / "best"))["kind"] is None
    joblib.dump(Kept(getattr, model(), "predict"), tmp_path / "best")  # a method has its object
    assert saved(str(tmp_path / "best"))["kind"] == "random_forest"


def test_a_model_behind_many_rows_is_found(tmp_path):
    rows = [[[number, [row]] for number in range(40)] for row in range(400)]
    joblib.dump({"rows": rows, "model": model()}, tmp_path / "best")
    assert saved(str(tmp_path / "best"))["kind"] == "random_forest"


def test_a_file_of_lightgbms_own_is_told_by_its_first_tree(tmp_path):
    path, draw = str(tmp_path / "best"), np.random.default_rng(1)
    rows = draw.normal(size=(200, 3))
    one, other = (
        LGBMClassifier(n_estimators=9, verbose=-1).fit(rows, rows[:, column] > 0)
        for column in (0, 1)
    )
    one.booster_.save_model(path, num_iteration=4)
    told = saved(path)
    assert told["native"]
    run = FlowRun("completes", {})
    run.reported = {"ran": {"returned": {"path": path, "model_type": "lightgbm"}}, "saved": told}
    run.reported["records"] = {}
    run.fits = {"1": {"fit": "1", "kind": "lightgbm"} | tree_of(other.booster_)}
    assert "was not trained in this run" in mistakes.lost(run)
    run.fits["2"] = {"fit": "2", "kind": "lightgbm"} | tree_of(one.booster_)
    assert mistakes.lost(run) == ""


@pytest.mark.parametrize(("make", "told"), [(os.mkdir, "a folder"), (os.mkfifo, "a pipe")])
def test_what_is_no_file_is_not_waited_for(tmp_path, make, told):
    make(tmp_path / "model")
    assert read(tmp_path / "model") == {"error": f"it is no file but {told}"}


def boosted(path, rounds):
    """Save what so many rounds make of two rows, in a process of its own: xgboost's threads would
    not survive the next fork."""
    import xgboost

    rows = xgboost.DMatrix([[0.0], [1.0]], [0, 1])
    booster = xgboost.train({"nthread": 1}, rows, num_boost_round=rounds)
    booster.set_attr(observed_training="7-1")
    booster.save_model(path)
    return saved(str(path))


@pytest.mark.parametrize("rounds", [0, 2])
def test_a_file_of_xgboosts_own_tells_its_training_and_whether_it_holds_trees(tmp_path, rounds):
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        told = pool.submit(boosted, tmp_path / "model.json", rounds).result(timeout=60)
    assert (told["kind"], told["fit"], told["fitted"]) == ("xgboost", "7-1", rounds > 0)
