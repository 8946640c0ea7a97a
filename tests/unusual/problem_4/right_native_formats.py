from pathlib import Path

import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier


@task
def train(kind, data):
    X_train, X_test, y_train, y_test = data
    model = {"random_forest": RandomForestClassifier, "xgboost": XGBClassifier, "lightgbm": LGBMClassifier}[kind]()
    model.set_params(n_estimators=15).fit(X_train, y_train)
    return model, model.score(X_test, y_test)


def store(kind, model):
    if kind == "xgboost":
        model.save_model("best.ubj")
        return "best.ubj"
    if kind == "lightgbm":
        model.booster_.save_model("best.txt")
        return "best.txt"
    joblib.dump(model, "best.joblib")
    return "best.joblib"


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types or ["random_forest", "xgboost", "lightgbm"]
    X, y = load_breast_cancer(return_X_y=True)
    data = train_test_split(X, y, test_size=test_size, random_state=5)
    futures = [train.submit(kind, data) for kind in kinds]
    results = {kind: future.result() for kind, future in zip(kinds, futures)}
    best = max(results, key=lambda kind: results[kind][1])
    return {"model_type": best, "accuracy": results[best][1], "path": str(Path(store(best, results[best][0])).resolve())}
