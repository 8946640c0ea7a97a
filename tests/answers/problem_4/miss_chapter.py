# the chapter's way: tasks are called, so each waits for the one before
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
def train(kind, X, y):
    return kind, KINDS[kind](n_estimators=20).fit(X, y)


@task
def evaluate(pair, X, y):
    return pair[0], pair[1].score(X, y), pair[1]


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    X, y = load_breast_cancer(return_X_y=True)
    A, B, a, b = train_test_split(X, y, test_size=test_size, random_state=42)
    trained = [train(kind, A, a) for kind in model_types or KINDS]
    kind, accuracy, model = max(
        (evaluate(pair, B, b) for pair in trained), key=lambda result: result[1]
    )
    joblib.dump(model, "best.joblib")
    return {"model_type": kind, "accuracy": accuracy, "path": "best.joblib"}
