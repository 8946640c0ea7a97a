import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.model_selection import cross_val_score
from xgboost import XGBClassifier

KINDS = {
    "random_forest": RandomForestClassifier,
    "xgboost": XGBClassifier,
    "lightgbm": LGBMClassifier,
}


@task
def train(kind, X, y):
    return KINDS[kind](n_estimators=8).fit(X, y)


@task
def rate(kind, X, y):
    return float(cross_val_score(KINDS[kind](n_estimators=8), X, y, cv=3).mean())


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    names = model_types or list(KINDS)
    for name in names:
        KINDS[name]
    X, y = load_wine(return_X_y=True)
    models = {name: train.submit(name, X, y) for name in names}
    rates = {name: rate.submit(name, X, y) for name in names}
    scores = {name: future.result() for name, future in rates.items()}
    best = max(scores, key=scores.get)
    joblib.dump(models[best].result(), "best.joblib")
    return {"model_type": best, "accuracy": scores[best], "path": "best.joblib"}
