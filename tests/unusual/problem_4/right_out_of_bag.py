import joblib
import numpy as np
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from xgboost import XGBClassifier

KINDS = {"random_forest": RandomForestClassifier, "xgboost": XGBClassifier, "lightgbm": LGBMClassifier}


@task
def train(kind, X, y, drawn):
    return KINDS[kind](n_estimators=15).fit(X[drawn], y[drawn])


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    names = model_types or list(KINDS)
    for name in names:
        KINDS[name]
    X, y = load_breast_cancer(return_X_y=True)
    drawn = np.random.default_rng(0).integers(0, len(X), len(X))
    bag = np.setdiff1d(np.arange(len(X)), drawn)
    futures = [train.submit(name, X, y, drawn) for name in names]
    best_name, best_model, best_accuracy = "", None, float("-inf")
    for name, future in zip(names, futures):
        model = future.result()
        accuracy = 1 - np.mean(model.predict(X[bag]) != y[bag])
        if accuracy > best_accuracy:
            best_name, best_model, best_accuracy = name, model, accuracy
    joblib.dump(best_model, "bag.joblib")
    return {"model_type": best_name, "accuracy": best_accuracy, "path": "bag.joblib"}
