import asyncio

import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

FACTORIES = dict(
    random_forest=RandomForestClassifier, xgboost=XGBClassifier, lightgbm=LGBMClassifier
)


@task
async def train_one(name, X, y):
    return await asyncio.to_thread(FACTORIES[name](n_estimators=15).fit, X, y)


@task
def evaluate(model, X, y):
    return model.score(X, y)


@flow
async def train_all(names, X, y):
    models = await asyncio.gather(*[train_one(name, X, y) for name in names])
    return dict(zip(names, models))


@flow
async def multi_model_training_pipeline(
    model_types: list[str] | None = None, test_size: float = 0.2
):
    names = model_types or list(FACTORIES)
    for name in names:
        if name not in FACTORIES:
            raise KeyError(name)
    X, y = load_iris(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, random_state=3)
    models = await train_all(names, X_train, y_train)
    scores = {name: evaluate(model, X_test, y_test) for name, model in models.items()}
    best = max(scores, key=scores.get)
    joblib.dump(models[best], "iris.joblib", compress=3)
    return {"model_type": best, "accuracy": scores[best], "path": "./iris.joblib"}
