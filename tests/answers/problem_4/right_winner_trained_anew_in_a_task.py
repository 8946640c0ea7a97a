import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.base import clone
from sklearn.datasets import make_moons
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
    model = KINDS[kind](n_estimators=15).fit(X_train, y_train)
    return kind, model, float((model.predict(X_test) == y_test).mean())


@task
def finish(model, X, y):
    joblib.dump(clone(model).fit(X, y), "final.joblib")
    return "final.joblib"


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    names = model_types or list(KINDS)
    for name in names:
        KINDS[name]
    X, y = make_moons(300, noise=0.3, random_state=5)
    parts = train_test_split(X, y, test_size=test_size, random_state=2)
    results = [future.result() for future in [train.submit(name, *parts) for name in names]]
    kind, model, accuracy = max(results, key=lambda result: result[2])
    return {"model_type": kind, "accuracy": accuracy, "path": finish(model, X, y)}
