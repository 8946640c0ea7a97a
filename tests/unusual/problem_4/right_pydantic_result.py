from enum import Enum

import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from pydantic import BaseModel
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier


class ModelType(str, Enum):
    RANDOM_FOREST = "random_forest"
    XGBOOST = "xgboost"
    LIGHTGBM = "lightgbm"


class BestModel(BaseModel):
    model_type: ModelType
    accuracy: float
    path: str


FACTORIES = {
    ModelType.RANDOM_FOREST: lambda: RandomForestClassifier(n_estimators=20),
    ModelType.XGBOOST: lambda: XGBClassifier(n_estimators=20),
    ModelType.LIGHTGBM: lambda: LGBMClassifier(n_estimators=20, verbose=-1),
}


@task
def train(kind: ModelType, X, y):
    return FACTORIES[kind]().fit(X, y)


@flow
def multi_model_training_pipeline(model_types: list[ModelType] | None = None, test_size: float = 0.2) -> BestModel:
    X, y = load_wine(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, random_state=1)
    futures = {kind: train.submit(kind, X_train, y_train) for kind in model_types or ModelType}
    scored = {kind: future.result().score(X_test, y_test) for kind, future in futures.items()}
    winner = max(scored, key=scored.__getitem__)
    joblib.dump(futures[winner].result(), "wine.joblib")
    return BestModel(model_type=winner, accuracy=scored[winner], path="wine.joblib")
