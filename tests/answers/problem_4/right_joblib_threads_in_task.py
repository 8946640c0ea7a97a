import joblib
import numpy as np
from joblib import Parallel, delayed
from lightgbm import LGBMClassifier
from prefect import flow, task
from prefect import unmapped
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.model_selection import StratifiedKFold
from xgboost import XGBClassifier

KINDS = {
    "random_forest": RandomForestClassifier,
    "xgboost": XGBClassifier,
    "lightgbm": LGBMClassifier,
}


def fold(kind, X, y, train, test):
    return KINDS[kind](n_estimators=8).fit(X[train], y[train]).score(X[test], y[test])


@task
def train(kind, X, y):
    folds = StratifiedKFold(3, shuffle=True, random_state=1).split(X, y)
    jobs = (delayed(fold)(kind, X, y, *part) for part in folds)
    accuracy = float(np.mean(Parallel(n_jobs=3, prefer="threads")(jobs)))
    return kind, KINDS[kind](n_estimators=8).fit(X, y), accuracy


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    names = model_types or list(KINDS)
    for name in names:
        KINDS[name]
    X, y = load_breast_cancer(return_X_y=True)
    futures = train.map(names, unmapped(X), unmapped(y))
    kind, model, accuracy = max(futures.result(), key=lambda result: result[2])
    joblib.dump(model, "best.joblib")
    return {"model_type": kind, "accuracy": accuracy, "path": "best.joblib"}
