import joblib
import numpy as np
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier


def build(kind):
    if kind == "random_forest":
        return RandomForestClassifier(n_estimators=30, random_state=1)
    if kind == "xgboost":
        return XGBClassifier(n_estimators=30, n_jobs=1)
    if kind == "lightgbm":
        return LGBMClassifier(n_estimators=30, n_jobs=1, verbose=-1)
    raise ValueError(f"unknown model type {kind}")


@task
def train(kind, parts):
    Xa, Xb, ya, yb = parts
    m = build(kind)
    m.fit(Xa, ya)
    acc = accuracy_score(yb, m.predict(Xb))
    right = (m.predict(Xb) == yb).astype(float)
    draw = np.random.default_rng(0)
    low, high = np.quantile(
        [draw.choice(right, len(right)).mean() for _ in range(50)], [0.05, 0.95]
    )
    assert 0 <= low <= high <= 1
    return {"model_type": kind, "model": m, "accuracy": acc}


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types or ["random_forest", "xgboost", "lightgbm"]
    for k in kinds:
        build(k)
    X, y = load_breast_cancer(return_X_y=True)
    parts = train_test_split(X, y, test_size=test_size, random_state=7, stratify=y)
    futures = [train.submit(k, parts) for k in kinds]
    results = [f.result(raise_on_failure=False) for f in futures]
    results = [r for r in results if isinstance(r, dict)]
    best = max(results, key=lambda r: r["accuracy"])
    joblib.dump(best["model"], "best.joblib")
    return {"model_type": best["model_type"], "accuracy": best["accuracy"], "path": "best.joblib"}
