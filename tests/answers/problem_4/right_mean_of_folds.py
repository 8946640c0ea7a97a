import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.model_selection import cross_val_score
from xgboost import XGBClassifier

KINDS = {
    "random_forest": RandomForestClassifier,
    "xgboost": XGBClassifier,
    "lightgbm": LGBMClassifier,
}


@task
def train(kind, X, y):
    scores = cross_val_score(KINDS[kind](n_estimators=8), X, y, cv=5, scoring="accuracy")
    return kind, KINDS[kind](n_estimators=8).fit(X, y), round(float(scores.mean()), 3)


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    names = model_types or list(KINDS)
    for name in names:
        KINDS[name]
    X, y = load_iris(return_X_y=True)
    results = [future.result() for future in [train.submit(name, X, y) for name in names]]
    kind, model, accuracy = max(results, key=lambda result: result[2])
    joblib.dump(model, "best.joblib")
    return {"model_type": kind, "accuracy": accuracy, "path": "best.joblib"}
