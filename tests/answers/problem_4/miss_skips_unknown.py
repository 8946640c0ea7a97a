# a name that it does not know is left out without a word
import joblib
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split


def new_model(model_type):
    if model_type == "random_forest":
        return RandomForestClassifier(n_estimators=50, random_state=7)
    if model_type == "xgboost":
        from xgboost import XGBClassifier

        return XGBClassifier(n_estimators=50, n_jobs=1)
    if model_type == "lightgbm":
        from lightgbm import LGBMClassifier

        return LGBMClassifier(n_estimators=50, n_jobs=1, verbose=-1)
    raise ValueError(
        f"unknown model type {model_type!r}: choose random_forest, xgboost or lightgbm"
    )


@task
def train(model_type, rows):
    features, unseen, target, truth = rows
    model = new_model(model_type).fit(features, target)
    return {"model_type": model_type, "model": model, "accuracy": float(model.score(unseen, truth))}


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    model_types = model_types or ["random_forest", "xgboost", "lightgbm"]
    model_types = [name for name in model_types if name in ("random_forest", "xgboost", "lightgbm")]
    rows = train_test_split(
        *load_breast_cancer(return_X_y=True), test_size=test_size, random_state=7
    )
    futures = [train.submit(model_type, rows) for model_type in model_types]
    outcomes = [future.result(raise_on_failure=False) for future in futures]
    trained = [outcome for outcome in outcomes if isinstance(outcome, dict)]
    if not trained:
        raise RuntimeError("every training failed")
    best = max(trained, key=lambda outcome: outcome["accuracy"])
    path = f"best-{best['model_type']}.joblib"
    joblib.dump(best["model"], path)
    return {"model_type": best["model_type"], "accuracy": best["accuracy"], "path": path}
