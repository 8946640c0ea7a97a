import joblib
import numpy as np
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.base import clone
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

PROTOTYPES = {
    "random_forest": RandomForestClassifier(n_estimators=20),
    "xgboost": XGBClassifier(n_estimators=20),
    "lightgbm": LGBMClassifier(n_estimators=20, verbose=-1),
}


@task
def fit(model, X, y):
    return clone(model).fit(X, y)


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    chosen = {}
    for kind in model_types or PROTOTYPES:
        if kind not in PROTOTYPES:
            raise ValueError(f"model type {kind!r} is unknown, choose from {sorted(PROTOTYPES)}")
        chosen[kind] = PROTOTYPES[kind]
    X, y = load_wine(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, random_state=12)
    fitted = {kind: fit.submit(model, X_train, y_train) for kind, model in chosen.items()}
    scores = {kind: np.mean(future.result().predict(X_test) == y_test) for kind, future in fitted.items()}
    winner = max(scores, key=scores.get)
    final = fit.submit(chosen[winner], X, y).result()
    joblib.dump(final, "final.joblib")
    return {"model_type": winner, "accuracy": scores[winner], "path": "final.joblib"}
