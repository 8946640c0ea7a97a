from typing import Literal, NamedTuple, Optional

import joblib
import lightgbm
import xgboost
from prefect import flow, task
from sklearn import datasets, ensemble, metrics, model_selection

Kind = Literal["random_forest", "xgboost", "lightgbm"]


class Best(NamedTuple):
    model_type: str
    accuracy: float
    path: str


@task
def train(kind, X, y):
    return {
        "random_forest": ensemble.RandomForestClassifier(n_estimators=20),
        "xgboost": xgboost.XGBClassifier(n_estimators=20),
        "lightgbm": lightgbm.LGBMClassifier(n_estimators=20, verbosity=-1),
    }[kind].fit(X, y)


@task
def score(model, X, y):
    return metrics.accuracy_score(y, model.predict(X))


@flow
def multi_model_training_pipeline(model_types: Optional[list[Kind]] = None, test_size: float = 0.2):
    kinds = model_types or ["random_forest", "xgboost", "lightgbm"]
    X, y = datasets.make_moons(400, noise=0.2, random_state=1)
    X_train, X_test, y_train, y_test = model_selection.train_test_split(X, y, test_size=test_size)
    models = train.map(kinds, [X_train] * len(kinds), [y_train] * len(kinds))
    scores = score.map(models, [X_test] * len(kinds), [y_test] * len(kinds)).result()
    best = scores.index(max(scores))
    joblib.dump(models[best].result(), "moons")
    return Best(kinds[best], scores[best], "moons")
