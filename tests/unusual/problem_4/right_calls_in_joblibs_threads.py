import joblib
import numpy as np
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

MODELS = {
    "random_forest": lambda: RandomForestClassifier(n_estimators=30, random_state=1),
    "xgboost": lambda: XGBClassifier(n_estimators=30, n_jobs=1),
    "lightgbm": lambda: LGBMClassifier(n_estimators=30, n_jobs=1, verbose=-1),
}


@task
def train(kind, parts):
    rows, new, labels, right = parts
    model = MODELS[kind]().fit(rows, labels)
    said = model.predict(new)
    return {"model_type": kind, "model": model, "accuracy": float(np.mean(said == right))}


def attempt(kind, parts):
    return train(kind, parts, return_state=True).result(raise_on_failure=False)


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types or list(MODELS)
    for kind in kinds:
        if kind not in MODELS:
            raise ValueError(f"unknown model type {kind}")
    rows, labels = load_breast_cancer(return_X_y=True)
    parts = train_test_split(rows, labels, test_size=test_size, random_state=7)
    calls = [joblib.delayed(attempt)(kind, parts) for kind in kinds]
    results = joblib.Parallel(n_jobs=-1, prefer="threads")(calls)
    best = max((one for one in results if isinstance(one, dict)), key=lambda one: one["accuracy"])
    joblib.dump(best.pop("model"), "best.joblib")
    return best | {"path": "best.joblib"}
