# the random forest that xgboost has, too, stands for xgboost
import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBRFClassifier

CLASSES = {
    "random_forest": (RandomForestClassifier, {"n_estimators": 50}),
    "xgboost": (XGBRFClassifier, {"n_estimators": 50, "n_jobs": 1}),
    "lightgbm": (LGBMClassifier, {"n_estimators": 50, "n_jobs": 1, "verbose": -1}),
}


@task
def train_model(kind, X_train, y_train):
    cls, options = CLASSES[kind]
    return cls(**options).fit(X_train, y_train)


@task
def evaluate(model, X_test, y_test):
    return float((model.predict(X_test) == y_test).mean())


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types or list(CLASSES)
    for kind in kinds:
        if kind not in CLASSES:
            raise ValueError(f"I do not know {kind}")
    X, y = load_breast_cancer(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, random_state=1)
    models = {kind: train_model.submit(kind, X_train, y_train) for kind in kinds}
    scores = {kind: evaluate.submit(model, X_test, y_test) for kind, model in models.items()}
    scores = {kind: score.result() for kind, score in scores.items()}
    best = max(scores, key=scores.get)
    joblib.dump(models[best].result(), "model.joblib")
    return {"model_type": best, "accuracy": scores[best], "path": "model.joblib"}
