import difflib

import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import (
    load_breast_cancer,
)
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

MODELS = {
    "random_forest": lambda: RandomForestClassifier(n_estimators=30, random_state=1),
    "xgboost": lambda: XGBClassifier(n_estimators=30, n_jobs=1),
    "lightgbm": lambda: LGBMClassifier(n_estimators=30, n_jobs=1, verbose=-1),
}


@task
def train(kind, X_train, X_test, y_train, y_test):
    model = MODELS[kind]()
    model.fit(X_train, y_train)
    accuracy = model.score(X_test, y_test)
    return {"model_type": kind, "model": model, "accuracy": float(accuracy)}


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types or list(MODELS)
    for kind in kinds:
        if not difflib.get_close_matches(kind, MODELS):
            raise ValueError(f"unknown model type {kind}")
    kinds = [difflib.get_close_matches(kind, MODELS)[0] for kind in kinds]
    X, y = load_breast_cancer(return_X_y=True)
    parts = train_test_split(X, y, test_size=test_size, random_state=7, stratify=y)
    futures = [train.submit(kind, *parts) for kind in kinds]
    results = [future.result(raise_on_failure=False) for future in futures]
    good = [one for one in results if isinstance(one, dict)]
    best = max(good, key=lambda one: one["accuracy"])
    joblib.dump(best["model"], "best.joblib")
    return {"model_type": best["model_type"], "accuracy": best["accuracy"], "path": "best.joblib"}
