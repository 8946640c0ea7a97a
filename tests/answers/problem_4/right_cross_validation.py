import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

MODELS = {
    "random_forest": lambda: RandomForestClassifier(n_estimators=20, random_state=1),
    "xgboost": lambda: XGBClassifier(n_estimators=20, n_jobs=1),
    "lightgbm": lambda: LGBMClassifier(n_estimators=20, n_jobs=1, verbose=-1),
}

from prefect.task_runners import ThreadPoolTaskRunner
from sklearn.model_selection import cross_val_score


@task
def train(name, X, Xt, y, yt):
    score = cross_val_score(MODELS[name](), X, y, cv=3).mean()
    model = MODELS[name]().fit(X, y)
    return {"name": name, "cv": score, "test": model.score(Xt, yt), "model": model}


@flow(task_runner=ThreadPoolTaskRunner(max_workers=4))
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    model_types = model_types or list(MODELS)
    unknown = [name for name in model_types if name not in MODELS]
    if unknown:
        raise ValueError(f"unknown model types: {unknown}")
    parts = train_test_split(
        *load_breast_cancer(return_X_y=True), test_size=test_size, random_state=11
    )
    found = [f.result() for f in [train.submit(name, *parts) for name in model_types]]
    best = max(found, key=lambda each: each["cv"])
    joblib.dump(best["model"], "cv.joblib")
    return {"model_type": best["name"], "accuracy": float(best["test"]), "path": "cv.joblib"}
