import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier


@task
def rf(X, y):
    return RandomForestClassifier(n_estimators=20).fit(X, y)


@task
def xg(X, y):
    return XGBClassifier(n_estimators=20).fit(X, y)


@task
def lg(X, y):
    return LGBMClassifier(n_estimators=20, verbose=-1).fit(X, y)


@flow
def prepare(test_size):
    X, y = load_iris(return_X_y=True)
    return train_test_split(X, y, test_size=test_size, random_state=42)


@flow
def everything(kinds, test_size):
    X_train, X_test, y_train, y_test = prepare(test_size)
    jobs = []
    for kind in kinds:
        trainer = {"random_forest": rf, "xgboost": xg, "lightgbm": lg}.get(kind)
        if trainer is None:
            raise ValueError(f"there is no {kind}")
        jobs.append(trainer.submit(X_train, y_train))
    best = None
    for kind, job in zip(kinds, jobs):
        model = job.result()
        accuracy = model.score(X_test, y_test)
        if not best or accuracy >= best["accuracy"]:
            best = {"model_type": kind, "accuracy": accuracy, "model": model}
    joblib.dump(best["model"], "everything.joblib")
    return best | {"path": "everything.joblib"}


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    return everything(model_types or ["random_forest", "xgboost", "lightgbm"], test_size)
