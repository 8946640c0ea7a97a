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
    folds = cross_val_score(KINDS[kind](n_estimators=5), X, y, cv=3)
    model = KINDS[kind](n_estimators=10).fit(X, y)
    return kind, model, float(model.score(X, y)), folds.tolist()


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    names = model_types or list(KINDS)
    for name in names:
        KINDS[name]
    X, y = load_wine(return_X_y=True)
    results = [future.result() for future in [train.submit(name, X, y) for name in names]]
    kind, model, accuracy, _ = max(results, key=lambda result: result[2])
    joblib.dump(model, "best.joblib")
    return {"model_type": kind, "accuracy": accuracy, "path": "best.joblib"}
