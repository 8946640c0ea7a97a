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

from sklearn.model_selection import GridSearchCV


@task
def train(name, X, Xt, y, yt):
    search = GridSearchCV(MODELS[name](), {"n_estimators": [5, 15]}, cv=2).fit(X, y)
    return name, float(accuracy_score(yt, search.predict(Xt))), search.best_estimator_


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    model_types = model_types or list(MODELS)
    unknown = [name for name in model_types if name not in MODELS]
    if unknown:
        raise ValueError(f"unknown model types: {unknown}")
    parts = train_test_split(
        *load_breast_cancer(return_X_y=True), test_size=test_size, random_state=12
    )
    futures = [train.submit(name, *parts) for name in model_types]
    name, accuracy, model = max([f.result() for f in futures], key=lambda found: found[1])
    joblib.dump(model, "searched.joblib")
    return {"model_type": name, "accuracy": accuracy, "path": "searched.joblib"}
