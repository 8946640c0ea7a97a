import pickle
from functools import reduce
from pathlib import Path

from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

ESTIMATORS = dict(random_forest=RandomForestClassifier, xgboost=XGBClassifier, lightgbm=LGBMClassifier)


@task
def train_model(kind, X, y):
    return ESTIMATORS[kind](n_estimators=8, max_depth=3).fit(X, y)


@task(name="accuracy")
def measure(model, X, y):
    return (model.predict(X) == y).mean()


@flow(name="training")
def multi_model_training_pipeline(model_types: list | None = None, test_size: float = 0.2) -> dict:
    kinds = list(ESTIMATORS) if model_types is None else model_types
    if strangers := [kind for kind in kinds if kind not in ESTIMATORS]:
        raise ValueError(f"cannot train {strangers}")
    X, y = load_digits(n_class=4, return_X_y=True)
    X, y = X[:400], y[:400]
    A, B, a, b = train_test_split(X, y, test_size=test_size, random_state=0)
    models = {k: train_model.with_options(name=f"train {k}", retries=1).submit(k, A, a) for k in kinds}
    marks = {k: measure.submit(model, B, b) for k, model in models.items()}
    better = lambda one, other: other if marks[other].result() > marks[one].result() else one
    winner = reduce(better, kinds)
    target = Path("artifacts") / "models"
    target.mkdir(parents=True, exist_ok=True)
    target /= "winner.pkl"
    target.write_bytes(pickle.dumps(models[winner].result()))
    return {"model_type": winner, "accuracy": float(marks[winner].result()), "path": target}
