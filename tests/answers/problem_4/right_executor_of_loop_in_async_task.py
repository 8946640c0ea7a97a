import asyncio

import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import make_classification
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
    loop, model = asyncio.get_running_loop(), KINDS[kind](n_estimators=10)
    await loop.run_in_executor(None, model.fit, X_train, y_train)
    return kind, model, float(await loop.run_in_executor(None, model.score, X_test, y_test))


@flow
async def multi_model_training_pipeline(model_types=None, test_size=0.2):
    names = model_types or list(KINDS)
    for name in names:
        KINDS[name]
    X, y = make_classification(400, random_state=3, flip_y=0.1)
    parts = train_test_split(X, y, test_size=test_size, random_state=0)
    runs = (train(name, *parts) for name in names)
    results = await asyncio.gather(*runs, return_exceptions=True)
    rows = [row for row in results if isinstance(row, tuple)]
    kind, model, accuracy = max(rows, key=lambda result: result[2])
    joblib.dump(model, "best.joblib")
    return {"model_type": kind, "accuracy": accuracy, "path": "best.joblib"}
