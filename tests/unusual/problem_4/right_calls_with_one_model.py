# tried below with one model, and with two; what a task has trained is kept for the next run
import pickle

from lightgbm import LGBMClassifier
from prefect import flow, task
from prefect.cache_policies import INPUTS
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

NAMES = ("random_forest", "xgboost", "lightgbm")


def untrained(name):
    match name:
        case "random_forest":
            return RandomForestClassifier(30, random_state=0)
        case "xgboost":
            return XGBClassifier(n_estimators=30, n_jobs=1)
        case "lightgbm":
            return LGBMClassifier(n_estimators=30, n_jobs=1, verbose=-1)
    raise ValueError(f"{name}: choose from {NAMES}")


@task(cache_policy=INPUTS, persist_result=True)
def train(name, X, y):
    return untrained(name).fit(X, y)


@flow
def multi_model_training_pipeline(model_types: list[str] | None = None, test_size: float = 0.2):
    names = NAMES if model_types is None else model_types
    for name in names:
        untrained(name)
    data = load_breast_cancer(return_X_y=True)
    X, X_test, y, y_test = train_test_split(*data, test_size=test_size, random_state=1)
    runs = [(name, train.submit(name, X, y)) for name in names]
    best = {"accuracy": -1.0}
    for name, run in runs:
        model = run.result(raise_on_failure=False)
        if isinstance(model, Exception):
            continue
        accuracy = (model.predict(X_test) == y_test).mean()
        if accuracy > best["accuracy"]:
            best = {"model_type": name, "accuracy": float(accuracy), "path": f"{name}.pickle"}
            with open(best["path"], "wb") as file:
                pickle.dump(model, file)
    return best


multi_model_training_pipeline(["xgboost"])
print(multi_model_training_pipeline(model_types=["lightgbm", "random_forest"], test_size=0.3))
