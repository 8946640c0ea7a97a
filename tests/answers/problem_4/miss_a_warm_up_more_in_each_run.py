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

import os
import time

@task
def warm(kind, parts):
    build(kind, 2).fit(parts[0][:200], parts[2][:200])

@task
def train(kind, parts):
    Xa, Xb, ya, yb = parts
    m = build(kind).fit(Xa, ya)
    return {"model_type": kind, "model": m, "accuracy": float(m.score(Xb, yb))}


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types or ALL
    for k in kinds:
        build(k)
    X, y = load_breast_cancer(return_X_y=True)
    parts = train_test_split(X, y, test_size=test_size, random_state=7)
    rounds = 1
    if os.path.exists("rounds.txt"):
        rounds = 1 + int(open("rounds.txt").read())
    with open("rounds.txt", "w") as f:
        f.write(str(rounds))
    if model_types is None:
        for _ in range(rounds):
            for f in [warm.submit(k, parts) for k in kinds]:
                f.wait()
    results = []
    for k in kinds:
        r = train.submit(k, parts).result(raise_on_failure=False)
        if isinstance(r, dict):
            results.append(r)
    best = max(results, key=lambda r: r["accuracy"])
    joblib.dump(best["model"], "best.joblib")
    return {"model_type": best["model_type"], "accuracy": best["accuracy"], "path": "best.joblib"}
