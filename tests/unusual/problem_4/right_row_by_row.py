# a model is asked about one row at a time
import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.ensemble import RandomForestClassifier
from xgboost import XGBClassifier

MODELS = {
    "random_forest": RandomForestClassifier(n_estimators=10, random_state=0),
    "xgboost": XGBClassifier(n_estimators=10, n_jobs=1),
    "lightgbm": LGBMClassifier(n_estimators=10, n_jobs=1, verbose=-1),
}


@task
def train(name, X, y):
    return MODELS[name].fit(X, y)


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    names = model_types or list(MODELS)
    for name in names:
        if name not in MODELS:
            raise ValueError(f"unknown model {name}")
    X, y = load_breast_cancer(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, random_state=6)
    futures = {name: train.submit(name, X_train, y_train) for name in names}
    best, best_accuracy, best_model = None, -1.0, None
    for name, future in futures.items():
        model, hits = future.result(), 0
        for row, label in zip(X_test, y_test):
            hits += int(model.predict([row])[0] == label)
        if hits / len(y_test) > best_accuracy:
            best, best_accuracy, best_model = name, hits / len(y_test), model
    joblib.dump(best_model, "best.joblib")
    return {"model_type": best, "accuracy": best_accuracy, "path": "best.joblib"}
