import joblib
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.ensemble import RandomForestClassifier
from xgboost import XGBClassifier
from lightgbm import LGBMClassifier

ALL = ["random_forest", "xgboost", "lightgbm"]


def build(kind, n=30):
    if kind == "random_forest":
        return RandomForestClassifier(n_estimators=n, random_state=1)
    if kind == "xgboost":
        return XGBClassifier(n_estimators=n, n_jobs=1)
    if kind == "lightgbm":
        return LGBMClassifier(n_estimators=n, n_jobs=1, verbose=-1)
    raise ValueError(f"unknown model type {kind}")

import numpy as np
@task
def train(kind, parts):
    Xa, Xb, ya, yb = parts
    m = build(kind).fit(Xa, ya)
    if kind == "xgboost":
        p = m.predict(Xb, output_margin=True) > 0
    elif kind == "lightgbm":
        p = m.predict(Xb, raw_score=True) > 0
    else:
        p = m.predict_log_proba(Xb).argmax(axis=1)
    return {"model_type": kind, "model": m, "accuracy": float(np.mean(p == yb))}

@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types or ALL
    for k in kinds:
        build(k)
    X, y = load_breast_cancer(return_X_y=True)
    parts = train_test_split(X, y, test_size=test_size, random_state=7)
    futures = [train.submit(k, parts) for k in kinds]
    results = [f.result(raise_on_failure=False) for f in futures]
    results = [r for r in results if isinstance(r, dict)]
    best = max(results, key=lambda r: r["accuracy"])
    joblib.dump(best["model"], "best.joblib")
    return {"model_type": best["model_type"], "accuracy": best["accuracy"], "path": "best.joblib"}
