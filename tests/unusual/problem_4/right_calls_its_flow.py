# the flow is tried below, as one does in a notebook
import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

CLASSES = {
    "random_forest": RandomForestClassifier,
    "xgboost": XGBClassifier,
    "lightgbm": LGBMClassifier,
}


@task
def fit(kind, X, y):
    return CLASSES[kind](n_estimators=20).fit(X, y)


@task
def score(model, X, y):
    return float(model.score(X, y))


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types or [*CLASSES]
    for kind in kinds:
        if kind not in CLASSES:
            raise ValueError(f"there is no model {kind}")
    X, y = load_wine(return_X_y=True)
    X, X_new, y, y_new = train_test_split(X, y, test_size=test_size, random_state=5)
    models = {kind: fit.submit(kind, X, y) for kind in kinds}
    scores = {}
    for kind, model in models.items():
        try:
            scores[kind] = score(model.result(), X_new, y_new)
        except Exception as error:
            print(f"{kind} failed: {error}")
    best = max(scores, key=scores.get)
    joblib.dump(models[best].result(), "wine.joblib")
    return {"model_type": best, "accuracy": scores[best], "path": "wine.joblib"}


result = multi_model_training_pipeline()
print(result)
assert result["model_type"] in CLASSES
