import contextvars
from concurrent.futures import ThreadPoolExecutor

import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

KINDS = {"random_forest": RandomForestClassifier, "xgboost": XGBClassifier, "lightgbm": LGBMClassifier}


@task
def fit(kind, X, y):
    return KINDS[kind](n_estimators=15).fit(X, y)


@flow
def training(kind, X_train, X_test, y_train, y_test):
    model = fit(kind, X_train, y_train)
    return model.score(X_test, y_test), kind, model


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = list(model_types or KINDS)
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise ValueError(f"unknown model types: {unknown}")
    parts = train_test_split(*load_wine(return_X_y=True), test_size=test_size, random_state=1)
    with ThreadPoolExecutor(len(kinds)) as pool:
        runs = [pool.submit(contextvars.copy_context().run, training, kind, *parts) for kind in kinds]
    accuracy, kind, model = max((run.result() for run in runs), key=lambda row: row[0])
    joblib.dump(model, "wine.joblib")
    return {"model_type": kind, "accuracy": accuracy, "path": "wine.joblib"}
