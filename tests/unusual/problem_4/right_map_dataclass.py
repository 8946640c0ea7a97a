from dataclasses import dataclass

import joblib
import numpy as np
from lightgbm import LGBMClassifier
from prefect import flow, task, unmapped
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier


@dataclass(frozen=True)
class Outcome:
    model_type: str
    accuracy: float
    path: str = ""
    model: object = None


def build(kind):
    match kind:
        case "random_forest":
            return RandomForestClassifier(25)
        case "xgboost":
            return XGBClassifier(n_estimators=25)
        case "lightgbm":
            return LGBMClassifier(n_estimators=25, verbose=-1)
    raise ValueError("unsupported model type: " + kind)


@task
def trained(kind, data):
    X_train, X_test, y_train, y_test = data
    model = build(kind)
    model.fit(X_train, y_train)
    return Outcome(kind, accuracy_score(y_test, model.predict(X_test)), model=model)


@flow
def multi_model_training_pipeline(model_types=("random_forest", "xgboost", "lightgbm"), test_size=0.2):
    X, y = make_classification(500, 10, n_informative=6, random_state=2)
    data = train_test_split(X, y, test_size=test_size, random_state=2)
    outcomes = trained.map(list(model_types), unmapped(data)).result()
    best = outcomes[int(np.argmax([outcome.accuracy for outcome in outcomes]))]
    path = f"model_{best.model_type}.pkl"
    joblib.dump(best.model, path)
    return Outcome(best.model_type, best.accuracy, path)
