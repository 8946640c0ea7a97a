import asyncio
import heapq

import joblib
from lightgbm import LGBMClassifier
from prefect import flow, get_run_logger, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import StratifiedShuffleSplit
from xgboost import XGBClassifier

KINDS = {"random_forest": RandomForestClassifier, "xgboost": XGBClassifier, "lightgbm": LGBMClassifier}


async def train(kind, X, y, rows):
    def work():
        return KINDS[kind](n_estimators=10).fit(X[rows], y[rows])

    return await asyncio.to_thread(work)


training = task(train, name="train")


async def guarded(kind, X, y, learn, hold):
    try:
        model = await training(kind, X, y, learn)
        return float(model.score(X[hold], y[hold])), kind, model
    except Exception as error:
        get_run_logger().warning("%s: %s", kind, error)
        return None


async def multi(model_types=None, test_size=0.2):
    kinds = list(model_types or KINDS)
    if not set(kinds) <= set(KINDS):
        raise ValueError(f"{set(kinds) - set(KINDS)} cannot be trained")
    X, y = load_breast_cancer(return_X_y=True)
    learn, hold = next(StratifiedShuffleSplit(1, test_size=test_size, random_state=3).split(X, y))
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(guarded(kind, X, y, learn, hold)) for kind in kinds]
    rows = [one.result() for one in running if one.result()]
    (accuracy, kind, model), *_ = heapq.nlargest(1, rows, key=lambda row: row[0])
    joblib.dump({"classifier": model, "kind": kind}, "kept.joblib")
    return {"path": "kept.joblib", "accuracy": accuracy, "model_type": kind}


multi_model_training_pipeline = flow(multi, name="multi_model_training_pipeline")
