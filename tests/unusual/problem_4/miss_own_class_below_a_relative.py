# a class of one's own is called Booster, and is a random forest of xgboost's
import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from xgboost import XGBRFClassifier


class Booster(XGBRFClassifier):
    """xgboost, as the exercise wants it."""


MODELS = {
    "random_forest": lambda: RandomForestClassifier(30),
    "xgboost": lambda: Booster(n_jobs=1),
    "lightgbm": lambda: LGBMClassifier(n_estimators=30, n_jobs=1, verbose=-1),
}


@task
def train(kind, parts):
    X_train, X_test, y_train, y_test = parts
    model = make_pipeline(MinMaxScaler(), MODELS[kind]()).fit(X_train, y_train)
    return kind, model, float(model.score(X_test, y_test))


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = list(model_types or MODELS)
    if any(kind not in MODELS for kind in kinds):
        raise ValueError(f"one of {kinds} is unknown")
    parts = train_test_split(*load_wine(return_X_y=True), test_size=test_size, random_state=8)
    results = [future.result() for future in [train.submit(kind, parts) for kind in kinds]]
    kind, model, accuracy = max(results, key=lambda result: result[2])
    joblib.dump(model, "pipeline.joblib")
    return {"model_type": kind, "accuracy": accuracy, "path": "pipeline.joblib"}
