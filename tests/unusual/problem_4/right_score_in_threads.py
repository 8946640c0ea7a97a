import time

import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from prefect.states import raise_state_exception
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

KINDS = ("random_forest", "xgboost", "lightgbm")


@task
def check(kind):
    if kind not in KINDS:
        raise ValueError(f"unknown model type: {kind}")
    return kind


@task
def train(kind, X, y):
    time.sleep(0.05)
    if kind == KINDS[0]:
        return RandomForestClassifier(15).fit(X, y)
    return (XGBClassifier if kind == KINDS[1] else LGBMClassifier)(n_estimators=15).fit(X, y)


@task
def rate(model, X, y):
    return model.score(X, y), model


@flow(retries=0)
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    X, y = load_breast_cancer(return_X_y=True)
    A, B, a, b = train_test_split(X, y, test_size=test_size, random_state=0)
    kinds = [check(kind) for kind in model_types or KINDS]
    rated = {kind: rate.submit(train.submit(kind, A, a), B, b) for kind in kinds}
    top = ("", -1.0, None)
    for kind, future in rated.items():
        future.wait()
        if not future.state.is_completed():
            continue
        accuracy, model = future.result()
        top = (kind, accuracy, model) if accuracy > top[1] else top
    joblib.dump(top[2], "top.joblib")
    return {"model_type": top[0], "accuracy": top[1], "path": "top.joblib"}
