import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from prefect.task_runners import ProcessPoolTaskRunner
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

KINDS = {
    "random_forest": RandomForestClassifier,
    "xgboost": XGBClassifier,
    "lightgbm": LGBMClassifier,
}


@task
def train(kind, X_train, X_test, y_train, y_test):
    model = KINDS[kind](n_estimators=10).fit(X_train, y_train)
    return {"model_type": kind, "model": model, "accuracy": float(model.score(X_test, y_test))}


@flow(task_runner=ProcessPoolTaskRunner(max_workers=3))
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types or list(KINDS)
    if set(kinds) - set(KINDS):
        raise ValueError(f"unknown model types {sorted(set(kinds) - set(KINDS))}")
    X, y = load_iris(return_X_y=True)
    parts = train_test_split(X, y, test_size=test_size, random_state=5)
    futures = [train.submit(kind, *parts) for kind in kinds]
    best = max((future.result() for future in futures), key=lambda result: result["accuracy"])
    joblib.dump(best["model"], "iris.joblib")
    return {"model_type": best["model_type"], "accuracy": best["accuracy"], "path": "iris.joblib"}
