import asyncio

import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

KINDS = {"random_forest": RandomForestClassifier, "xgboost": XGBClassifier, "lightgbm": LGBMClassifier}


@task
async def train(kind, X_train, X_test, y_train, y_test):
    model = KINDS[kind](n_estimators=20)
    model.fit(X_train, y_train)
    return kind, model.score(X_test, y_test), model


@flow
async def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types or list(KINDS)
    X, y = load_iris(return_X_y=True)
    parts = train_test_split(X, y, test_size=test_size, random_state=0)
    results = await asyncio.gather(*[train(kind, *parts) for kind in kinds])
    kind, accuracy, model = max(results, key=lambda result: result[1])
    joblib.dump(model, "iris.joblib")
    return {"model_type": kind, "accuracy": accuracy, "path": "iris.joblib"}
