import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from prefect.task_runners import ProcessPoolTaskRunner
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

KNOWN = {
    "random_forest": lambda: RandomForestClassifier(n_estimators=20),
    "xgboost": lambda: XGBClassifier(n_estimators=20, n_jobs=1),
    "lightgbm": lambda: LGBMClassifier(n_estimators=20, n_jobs=1, verbose=-1),
}


@task
def train(model_type, rows):
    known, new, known_labels, new_labels = rows
    model = KNOWN[model_type]().fit(known, known_labels)
    accuracy = float(model.score(new, new_labels))
    return {"model_type": model_type, "model": model, "accuracy": accuracy}


def check(model_types):
    if unknown := set(model_types) - set(KNOWN):
        raise ValueError(f"unknown model types: {sorted(unknown)}")


@flow(task_runner=ProcessPoolTaskRunner())
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    model_types = model_types or list(KNOWN)
    check(model_types)
    data = load_breast_cancer(return_X_y=True)
    rows = train_test_split(*data, test_size=test_size, random_state=7)
    futures = [train.submit(model_type, rows) for model_type in model_types]
    trained = [future.result(raise_on_failure=False) for future in futures]
    best = max((one for one in trained if isinstance(one, dict)), key=lambda one: one["accuracy"])
    path = f"best-{best['model_type']}.joblib"
    joblib.dump(best["model"], path)
    return {"model_type": best["model_type"], "accuracy": best["accuracy"], "path": path}
