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
def train_flow(kind, test_size):
    X, y = load_wine(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, random_state=1)
    model = fit(kind, X_train, y_train)
    return {"model_type": kind, "accuracy": model.score(X_test, y_test), "model": model}


@task
def run_training(kind, test_size):
    return train_flow(kind, test_size)


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = list(model_types or KINDS)
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"unknown model type {kind}")
    futures = [run_training.submit(kind, test_size) for kind in kinds]
    best = max((future.result() for future in futures), key=lambda result: result["accuracy"])
    joblib.dump(best["model"], "wine.joblib")
    return {"model_type": best["model_type"], "accuracy": best["accuracy"], "path": "wine.joblib"}
