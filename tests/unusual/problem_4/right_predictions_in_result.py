# the result holds the probabilities of 200,000 further rows and a long report
import joblib
import numpy as np
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import classification_report
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier


def make(kind):
    models = {
        "random_forest": RandomForestClassifier(20, random_state=0),
        "xgboost": XGBClassifier(n_estimators=20, n_jobs=1),
        "lightgbm": LGBMClassifier(n_estimators=20, n_jobs=1, verbose=-1),
    }
    if kind not in models:
        raise ValueError(f"unknown model type: {kind}")
    return models[kind]


@task
def train(kind, parts):
    X_train, X_test, y_train, y_test = parts
    model = make(kind).fit(X_train, y_train)
    predicted = model.predict(X_test)
    return {
        "model_type": kind,
        "model": model,
        "accuracy": float((predicted == y_test).mean()),
        "report": classification_report(y_test, predicted, zero_division=0),
        "probabilities": np.tile([0.25, 0.75], (200_000, 1)).tolist(),
    }


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types or ["random_forest", "xgboost", "lightgbm"]
    [make(kind) for kind in kinds]
    X, y = load_breast_cancer(return_X_y=True)
    parts = train_test_split(X, y, test_size=test_size, random_state=3)
    futures = [train.submit(kind, parts) for kind in kinds]
    best = max((future.result() for future in futures), key=lambda result: result["accuracy"])
    path = f"{best['model_type']}.joblib"
    joblib.dump(best["model"], path)
    return {**best, "path": path, "report": best["report"] * 4000}
