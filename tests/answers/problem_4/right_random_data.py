# the chapter's random data: accuracies near one half; validation rows choose, test rows report
import joblib
import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier
from prefect import flow, task
from prefect.task_runners import ThreadPoolTaskRunner
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier


@task
def generate(rows=600):
    rng = np.random.default_rng(42)
    table = pd.DataFrame(rng.normal(size=(rows, 3)), columns=["feature1", "feature2", "feature3"])
    table["target"] = rng.integers(0, 2, rows)
    return table


@task
def split(table, test_size):
    rest, test = train_test_split(table, test_size=test_size, random_state=42)
    fit, check = train_test_split(rest, test_size=0.25, random_state=42)
    return {"fit": fit, "check": check, "test": test}


@task
def train(kind, parts):
    if kind == "random_forest":
        model = RandomForestClassifier(n_estimators=20)
    elif kind == "xgboost":
        model = XGBClassifier(n_estimators=20)
    elif kind == "lightgbm":
        model = LGBMClassifier(n_estimators=20, verbose=-1)
    else:
        raise ValueError(f"Unsupported model type: {kind}")
    model.fit(parts["fit"].drop(columns="target"), parts["fit"]["target"])
    right = model.predict(parts["check"].drop(columns="target")) == parts["check"]["target"]
    return {"model_type": kind, "model": model, "checked": right.mean()}


@flow(task_runner=ThreadPoolTaskRunner(max_workers=4))
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    if model_types is None:
        model_types = ["random_forest", "xgboost", "lightgbm"]
    parts = split(generate(), test_size)
    results = [future.result() for future in [train.submit(kind, parts) for kind in model_types]]
    best = sorted(results, key=lambda result: result["checked"], reverse=True)[0]
    test = parts["test"]
    accuracy = float((best["model"].predict(test.drop(columns="target")) == test["target"]).mean())
    joblib.dump(best["model"], "best.joblib")
    return {"model_type": best["model_type"], "accuracy": accuracy, "path": "best.joblib"}
