"""Problem 4: what a model has learned from, whichever way the rows came into it."""

import json
import subprocess
import sys

import pytest

WATCHED = """
import json
import sys
import warnings

import lightgbm
import numpy as np
import xgboost
from lightgbm import LGBMClassifier
from sklearn.datasets import load_breast_cancer
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier, StackingClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import TunedThresholdClassifierCV, train_test_split
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

from workbench.exercises.problem_4.estimators import Watch

warnings.simplefilter("ignore")
X, y = load_breast_cancer(return_X_y=True)
train, test, right, sought = train_test_split(X, y, random_state=7)
shares = []


class Told:
    def ask(self, **told):
        if "scored" in told:
            shares.append(round(told["known"], 3))
        return {"go": True, "spoil": 0}


def forest(trees=9, **named):
    return RandomForestClassifier(trees, random_state=1, **named)


def boosted():
    return XGBClassifier(n_estimators=5, n_jobs=1)


def light():
    return LGBMClassifier(n_estimators=5, n_jobs=1, verbose=-1)


def grown(rows, labels):
    model = forest(warm_start=True).fit(rows, labels)
    return model.set_params(n_estimators=12).fit(train, right)


def joined(rows, labels):
    model = forest(n_jobs=2).fit(train, right)
    model.estimators_ = [*model.estimators_, *forest().fit(rows, labels).estimators_]
    return model.set_params(n_estimators=18)


def trees_by_hand(rows, labels):
    model = forest().fit(train, right)
    model.estimators_[3] = DecisionTreeClassifier().fit(rows, labels)
    return model


def from_model(rows, labels):
    return boosted().fit(train, right, xgb_model=boosted().fit(rows, labels))


def from_booster(rows, labels):
    return boosted().fit(train, right, xgb_model=boosted().fit(rows, labels).get_booster())


def from_native(rows, labels):
    first = xgboost.train({"objective": "binary:logistic"}, xgboost.DMatrix(rows, labels), 3)
    return boosted().fit(train, right, xgb_model=first)


def from_quantiles(rows, labels):
    rows = xgboost.QuantileDMatrix(rows, labels)
    first = xgboost.train({"objective": "binary:logistic"}, xgboost.DMatrix(train, right), 3)
    first.update(rows, 3)
    return boosted().fit(train, right, xgb_model=first)


def taught(rows, labels):
    model, rows = boosted().fit(train, right), xgboost.DMatrix(rows, labels)
    for number in range(3):
        model.get_booster().update(rows, 5 + number)
    return model


def light_from_model(rows, labels):
    return light().fit(train, right, init_model=light().fit(rows, labels))


def light_from_booster(rows, labels):
    return light().fit(train, right, init_model=light().fit(rows, labels).booster_)


def light_from_native(rows, labels):
    rows = lightgbm.Dataset(rows, labels)
    lightgbm.train({"objective": "binary", "verbose": -1}, rows, 3)
    first = lightgbm.train({"objective": "binary", "verbose": -1}, rows, 3)  # they are gone
    return light().fit(train, right, init_model=first)


def refitted(rows, labels):
    model = light().fit(train, right)
    return light().fit(train, right, init_model=model.booster_.refit(rows, labels))


def calibrated(rows, labels):
    model = FrozenEstimator(forest().fit(train, right))
    return CalibratedClassifierCV(model, cv=2).fit(rows, labels)


def tuned(rows, labels):
    model = light().fit(train, right)
    return TunedThresholdClassifierCV(model, cv="prefit", refit=False).fit(rows, labels)


def stacked(rows, labels):
    models = [("one", boosted().fit(train, right))]
    return StackingClassifier(models, LogisticRegression(), cv="prefit").fit(rows, labels)


def stacked_in_tuned(rows, labels):
    models = [("one", boosted()), ("other", forest())]
    model = StackingClassifier(models, LogisticRegression(), cv=2).fit(train, right)
    return TunedThresholdClassifierCV(model, cv="prefit", refit=False).fit(rows, labels)


watch = Watch()
watch.listen(Told(), compares=True)
for name in sys.argv[1:]:
    for rows, labels in ((X, y), (train, right)):
        model, before = globals()[name](rows, labels), len(shares)
        model.predict(test)
        shares[before:] = [max(shares[before:])]
model = forest(warm_start=True).fit(X, y)
model.set_params(warm_start=False).fit(train, right).predict(test)  # it has begun anew
print(json.dumps(shares[-2 * len(sys.argv[1:]) - 1 :]))
"""
WAYS = (
    *("grown", "joined", "trees_by_hand", "from_model", "from_booster", "from_native", "taught"),
    *("light_from_model", "light_from_booster", "light_from_native", "refitted"),
    *("calibrated", "tuned", "stacked", "stacked_in_tuned"),
)


@pytest.fixture(scope="module")
def shares():
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *WAYS],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    *each, anew = json.loads(done.stdout.splitlines()[-1])
    return dict(zip(WAYS, zip(each[::2], each[1::2], strict=True), strict=True)) | {"anew": anew}


@pytest.mark.parametrize("way", WAYS)
def test_rows_that_came_into_a_model_in_another_way_are_known_to_it(shares, way):
    assert shares[way] == (1.0, 0.0)  # of all rows, and of those to learn from


def test_what_begins_anew_has_forgotten(shares):
    assert shares["anew"] == 0.0
