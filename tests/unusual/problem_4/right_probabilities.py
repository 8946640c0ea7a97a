import joblib
import numpy as np
from lightgbm import LGBMClassifier
from prefect import flow, task
from prefect.futures import wait
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

MODELS = {"random_forest": RandomForestClassifier, "xgboost": XGBClassifier, "lightgbm": LGBMClassifier}


@task
def train_and_rate(kind, X_train, y_train, X_test, y_test):
    if kind not in MODELS:
        raise ValueError(f"{kind}?")
    model = MODELS[kind](n_estimators=20)
    model.fit(X_train, y_train)
    guessed = model.predict_proba(X_test).argmax(axis=1)
    table = confusion_matrix(y_test, guessed, labels=[0, 1, 2])
    return {"kind": kind, "accuracy": np.trace(table) / table.sum(), "model": model}


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    X, y = load_iris(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, random_state=77)
    futures = [train_and_rate.submit(k, X_train, y_train, X_test, y_test) for k in (model_types or MODELS)]
    wait(futures)
    ranking = sorted((f.result() for f in futures), key=lambda r: r["accuracy"], reverse=True)
    champion = ranking[0]
    joblib.dump(champion["model"], "champion.joblib")
    return {"model_type": champion["kind"], "accuracy": champion["accuracy"], "path": "champion.joblib"}
