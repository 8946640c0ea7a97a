# an error of one's own, whose text cannot be made
import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

MODELS = {
    "random_forest": RandomForestClassifier(20, random_state=0),
    "xgboost": XGBClassifier(n_estimators=20, n_jobs=1),
    "lightgbm": LGBMClassifier(n_estimators=20, n_jobs=1, verbose=-1),
}


class NotGoodEnough(Exception):
    def __str__(self):
        return "not good enough: " + self.accuracy


@task
def train(kind, parts):
    X_train, X_test, y_train, y_test = parts
    model = MODELS[kind].fit(X_train, y_train)
    return kind, model, float(model.score(X_test, y_test))


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types or list(MODELS)
    for kind in kinds:
        if kind not in MODELS:
            raise ValueError(f"unknown model type {kind}")
    parts = train_test_split(*load_breast_cancer(return_X_y=True), test_size=test_size)
    futures = [train.submit(kind, parts) for kind in kinds]
    kind, model, accuracy = max((f.result() for f in futures), key=lambda result: result[2])
    joblib.dump(model, "best.joblib")
    if accuracy < 2:
        raise NotGoodEnough()
    return {"model_type": kind, "accuracy": accuracy, "path": "best.joblib"}
