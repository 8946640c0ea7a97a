import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

TYPES = {
    "random_forest": (RandomForestClassifier, {}),
    "xgboost": (XGBClassifier, {"verbosity": 0}),
    "lightgbm": (LGBMClassifier, {"verbose": -1}),
}


@task
def load(test_size):
    X, y = load_wine(return_X_y=True, as_frame=True)
    return train_test_split(X, y, test_size=test_size, random_state=17)


@task
def train(model_type, data):
    X_train, X_test, y_train, y_test = data
    make, options = TYPES[model_type]
    model = make(n_estimators=20, **options)
    model.fit(X_train, y_train)
    return {"model_type": model_type, "accuracy": round(model.score(X_test, y_test), 3), "model": model}


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    model_types = [*TYPES] if model_types is None else [*model_types]
    for model_type in model_types:
        if model_type not in TYPES:
            raise ValueError(f"Unknown model type: {model_type}. Known: {', '.join(TYPES)}")
    data = load.submit(test_size)
    futures = [train.submit(model_type, data) for model_type in model_types]
    results = [future.result(raise_on_failure=False) for future in futures]
    good = [result for result in results if isinstance(result, dict)]
    if not good:
        raise RuntimeError("all trainings failed")
    best = good[0]
    for result in good[1:]:
        if result["accuracy"] >= best["accuracy"]:
            best = result
    joblib.dump(best["model"], "survivor.joblib")
    return {**{key: best[key] for key in ("model_type", "accuracy")}, "path": "survivor.joblib"}
