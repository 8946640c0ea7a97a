import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier


@task
def fit(kind, X, y):
    if kind == "random_forest":
        return RandomForestClassifier(n_estimators=20).fit(X, y)
    if kind == "xgboost":
        return XGBClassifier(n_estimators=20).fit(X, y)
    if kind == "lightgbm":
        return LGBMClassifier(n_estimators=20, verbose=-1).fit(X, y)
    raise ValueError(f"{kind} is no model type")


@flow
def training_stage(kinds, test_size):
    X, y = load_wine(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, stratify=y)
    futures = [(kind, fit.submit(kind, X_train, y_train)) for kind in kinds]
    models = [(kind, future.result()) for kind, future in futures]
    return [(kind, model, model.score(X_test, y_test)) for kind, model in models]


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    rows = training_stage(model_types or ["random_forest", "xgboost", "lightgbm"], test_size)
    kind, model, accuracy = max(rows, key=lambda row: row[2])
    joblib.dump(model, "best_model.joblib")
    return {"model_type": kind, "accuracy": accuracy, "path": "best_model.joblib"}
