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
    return accuracy_score(y_test, model.predict(X_test)), model


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    model_types = model_types or ["random_forest", "xgboost", "lightgbm"]
    X, y = load_breast_cancer(return_X_y=True)
    parts = train_test_split(X, y, test_size=test_size, random_state=42)
    results = [train_model.submit(m, *parts) for m in model_types]
    best = 0
    for i in range(len(results)):
        if results[i][0] > results[best][0]:
            best = i
    joblib.dump(results[best][1], "m.joblib")
    return {"model_type": model_types[best], "accuracy": results[best][0], "path": "m.joblib"}
