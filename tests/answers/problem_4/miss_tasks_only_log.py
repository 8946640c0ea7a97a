import threading

import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

KINDS = {
    "random_forest": RandomForestClassifier,
    "xgboost": XGBClassifier,
    "lightgbm": LGBMClassifier,
}


@task
def follow(ended):
    ended.wait(20)


def train(kind, rows, done):
    X_train, X_test, y_train, y_test = rows
    model = KINDS[kind](n_estimators=15).fit(X_train, y_train)
    done.append((model.score(X_test, y_test), kind, model))


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    names = model_types or list(KINDS)
    for name in names:
        KINDS[name]
    rows = train_test_split(*load_breast_cancer(return_X_y=True), test_size=test_size)
    ended, done = threading.Event(), []
    followed = [follow.submit(ended) for _ in names]
    threads = [threading.Thread(target=train, args=(name, rows, done)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ended.set()
    for future in followed:
        future.wait()
    score, kind, model = max(done, key=lambda row: row[0])
    joblib.dump(model, "best.joblib")
    return {"model_type": kind, "accuracy": score, "path": "best.joblib"}
