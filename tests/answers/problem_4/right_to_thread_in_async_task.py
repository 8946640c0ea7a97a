import asyncio

import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

KINDS = {
    "random_forest": RandomForestClassifier,
    "xgboost": XGBClassifier,
    "lightgbm": LGBMClassifier,
}


@task
async def train(kind, X_train, X_test, y_train, y_test):
    model = KINDS[kind](n_estimators=8)
    await asyncio.to_thread(model.fit, X_train, y_train)
    return kind, model, float(model.score(X_test, y_test))


@flow
async def multi_model_training_pipeline(model_types=None, test_size=0.2):
    names = model_types or list(KINDS)
    if not set(names) <= set(KINDS):
        raise ValueError(f"unknown: {set(names) - set(KINDS)}")
    X, y = load_digits(n_class=4, return_X_y=True)
    parts = train_test_split(X, y, test_size=test_size, random_state=0)
    results = await asyncio.gather(*(train(name, *parts) for name in names))
    kind, model, accuracy = max(results, key=lambda result: result[2])
    joblib.dump(model, "best.joblib")
    return {"model_type": kind, "accuracy": accuracy, "path": "best.joblib"}
