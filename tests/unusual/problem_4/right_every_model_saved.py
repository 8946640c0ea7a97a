from pathlib import Path

import cloudpickle
from lightgbm import LGBMClassifier
from prefect import flow, task
from prefect.task_runners import ThreadPoolTaskRunner
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

HOME = Path.home() / "saved models"


@task(task_run_name="train-{kind}", tags=["train"])
def train(kind, X_train, X_test, y_train, y_test):
    classes = {"random_forest": RandomForestClassifier, "xgboost": XGBClassifier, "lightgbm": LGBMClassifier}
    if kind not in classes:
        raise KeyError(f"model type {kind} is not known")
    model = classes[kind](n_estimators=8, max_depth=3)
    model.fit(X_train, y_train)
    HOME.mkdir(exist_ok=True)
    path = HOME / f"{kind}.cloudpickle"
    path.write_bytes(cloudpickle.dumps(model))
    return dict(model_type=kind, accuracy=model.score(X_test, y_test), path=str(path))


@flow(task_runner=ThreadPoolTaskRunner(max_workers=8), description="keeps every model")
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    X, y = load_digits(n_class=3, return_X_y=True)
    parts = train_test_split(X, y, test_size=test_size, shuffle=True, random_state=11)
    futures = [train.submit(kind, *parts) for kind in model_types or ("lightgbm", "random_forest", "xgboost")]
    return max((future.result() for future in futures), key=lambda result: result["accuracy"])
