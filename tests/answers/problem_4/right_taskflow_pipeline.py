import pickle
from pathlib import Path

import numpy as np
from lightgbm import LGBMClassifier
from prefect import flow, get_run_logger, task
from prefect.futures import as_completed
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

MODELS = {
    "random_forest": lambda: RandomForestClassifier(n_estimators=30, n_jobs=-1),
    "xgboost": lambda: XGBClassifier(n_estimators=30),
    "lightgbm": lambda: LGBMClassifier(n_estimators=30, verbosity=-1),
}


@task(name="train and score", retries=1, retry_delay_seconds=30)
def train(kind, X_train, X_test, y_train, y_test):
    model = make_pipeline(StandardScaler(), MODELS[kind]())
    model.fit(X_train, y_train)
    predicted = model.predict(X_test)
    get_run_logger().info(
        "%s: F1 %.3f, on training rows %.3f",
        kind,
        f1_score(y_test, predicted),
        model.score(X_train, y_train),
    )
    return kind, accuracy_score(y_test, predicted), model


@flow(name="compare")
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = list(MODELS) if model_types is None else list(model_types)
    unknown = [kind for kind in kinds if kind not in MODELS]
    if unknown:
        raise ValueError(
            f"unknown model types: {', '.join(unknown)}; known are {', '.join(MODELS)}"
        )
    X, y = make_classification(n_samples=500, n_features=8, random_state=1)
    parts = train_test_split(X, y, test_size=test_size, random_state=1, stratify=y)
    futures = [train.submit(kind, *parts) for kind in kinds]
    scores = []
    for future in as_completed(futures):
        try:
            scores.append(future.result())
        except Exception as error:
            get_run_logger().warning("a training failed: %s", error)
    if not scores:
        raise RuntimeError("every training failed")
    best = max(scores, key=lambda entry: entry[1])
    path = Path.cwd() / "models" / f"{best[0]}.pkl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps({"model": best[2], "accuracy": best[1]}))
    return {
        "model_type": best[0],
        "accuracy": np.float64(best[1]),
        "path": path,
        "all": {k: a for k, a, _ in scores},
    }
