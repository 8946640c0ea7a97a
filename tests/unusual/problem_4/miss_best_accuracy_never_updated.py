import joblib
import numpy as np
import lightgbm as lgb
import xgboost as xgb
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split


def make_model(model_type):
    if model_type == "random_forest":
        return RandomForestClassifier(n_estimators=15)
    if model_type == "xgboost":
        return xgb.XGBClassifier(n_estimators=15)
    if model_type == "lightgbm":
        return lgb.LGBMClassifier(n_estimators=15, verbose=-1)
    raise ValueError(f"Unknown model type: {model_type}")


@task
def train_model(model_type, X_train, X_test, y_train, y_test):
    model = make_model(model_type)
    model.fit(X_train, y_train)
    accuracy = accuracy_score(y_test, model.predict(X_test))
    return {"model_type": model_type, "accuracy": accuracy, "model": model}


@flow
def multi_model_training_pipeline(model_types: list[str] | None = None, test_size: float = 0.2):
    if model_types is None:
        model_types = ["random_forest", "xgboost", "lightgbm"]
    X, y = load_breast_cancer(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, random_state=42)

    futures = [train_model.submit(m, X_train, X_test, y_train, y_test) for m in model_types]
    best_accuracy, best = 0, None
    for future in futures:
        result = future.result()
        if result["accuracy"] >= best_accuracy:
            best = result
    joblib.dump(best["model"], "best_model.pkl")
    return {"model_type": best["model_type"], "accuracy": best["accuracy"], "path": "best_model.pkl"}
