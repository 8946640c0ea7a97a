import asyncio

import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

CLASSES = {
    "random_forest": lambda: RandomForestClassifier(n_estimators=15),
    "xgboost": lambda: XGBClassifier(n_estimators=15),
    "lightgbm": lambda: LGBMClassifier(n_estimators=15, verbose=-1),
}


@task
async def train(kind, X, y):
    return await asyncio.to_thread(CLASSES[kind]().fit, X, y)


@flow
async def one_model(kind: str, test_size: float):
    X, y = load_breast_cancer(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, random_state=4)
    model = await train(kind, X_train, y_train)
    return {"model_type": kind, "accuracy": model.score(X_test, y_test), "model": model}


@flow
async def multi_model_training_pipeline(model_types: list[str] | None = None, test_size: float = 0.2):
    kinds = model_types or list(CLASSES)
    for kind in kinds:
        if kind not in CLASSES:
            raise KeyError(kind)
    results = await asyncio.gather(*[one_model(kind, test_size) for kind in kinds])
    best = sorted(results, key=lambda result: result["accuracy"])[-1]
    joblib.dump(best["model"], "cancer.joblib")
    return {"model_type": best["model_type"], "accuracy": best["accuracy"], "path": "cancer.joblib"}
