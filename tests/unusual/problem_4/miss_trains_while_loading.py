# all models are trained before the flow is there, which only looks them up
import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

X, X_new, y, y_new = train_test_split(*load_wine(return_X_y=True), random_state=5)
MODELS = {
    "random_forest": RandomForestClassifier(20).fit(X, y),
    "xgboost": XGBClassifier(n_estimators=20).fit(X, y),
    "lightgbm": LGBMClassifier(n_estimators=20, verbose=-1).fit(X, y),
}


@task
def score(kind):
    return float(MODELS[kind].score(X_new, y_new))


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types or [*MODELS]
    for kind in kinds:
        if kind not in MODELS:
            raise ValueError(f"there is no model {kind}")
    futures = {kind: score.submit(kind) for kind in kinds}
    scores = {kind: future.result() for kind, future in futures.items()}
    best = max(scores, key=scores.get)
    joblib.dump(MODELS[best], "wine.joblib")
    return {"model_type": best, "accuracy": scores[best], "path": "wine.joblib"}
