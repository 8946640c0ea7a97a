import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

MODELS = {
    "random_forest": RandomForestClassifier(n_estimators=20),
    "xgboost": XGBClassifier(n_estimators=20),
    "lightgbm": LGBMClassifier(n_estimators=20, verbose=-1),
}


@task
def train(kind, X_train, y_train):
    if kind not in MODELS:
        raise ValueError(f"unknown model type {kind}")
    return MODELS[kind].fit(X_train, y_train)


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types or list(MODELS)
    X, y = load_wine(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, random_state=42)

    futures = {kind: train.submit(kind, X_train, y_train) for kind in kinds}
    scores = {kind: future.result().score(X, y) for kind, future in futures.items()}
    winner = max(scores, key=scores.get)
    joblib.dump(futures[winner].result(), "best.joblib")
    return {"model_type": winner, "accuracy": scores[winner], "path": "best.joblib"}
