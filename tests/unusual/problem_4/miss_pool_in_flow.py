from concurrent.futures import ThreadPoolExecutor

import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

KINDS = {"random_forest": RandomForestClassifier, "xgboost": XGBClassifier, "lightgbm": LGBMClassifier}


@task
def load(test_size):
    return train_test_split(*load_wine(return_X_y=True), test_size=test_size, random_state=3)


def train(kind, X_train, X_test, y_train, y_test):
    model = KINDS[kind](n_estimators=15).fit(X_train, y_train)
    return kind, model.score(X_test, y_test), model


@task
def save(model):
    joblib.dump(model, "wine.joblib")
    return "wine.joblib"


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    parts = load(test_size)
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(lambda kind: train(kind, *parts), model_types or KINDS))
    kind, accuracy, model = max(results, key=lambda result: result[1])
    return {"model_type": kind, "accuracy": accuracy, "path": save(model)}
