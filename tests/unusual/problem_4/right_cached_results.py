import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from prefect.cache_policies import INPUTS
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

ALL = ["random_forest", "xgboost", "lightgbm"]


@task(cache_policy=INPUTS, persist_result=True)
def train(kind, X, y):
    if kind == "random_forest":
        model = RandomForestClassifier(n_estimators=20, random_state=0)
    elif kind == "xgboost":
        model = XGBClassifier(n_estimators=20)
    elif kind == "lightgbm":
        model = LGBMClassifier(n_estimators=20, verbose=-1)
    else:
        raise ValueError(f"'{kind}' not in {ALL}")
    return model.fit(X, y)


@flow
def multi_model_training_pipeline(model_types: list | None = None, test_size: float = 0.2):
    X, y = load_wine(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, random_state=0)
    futures = {kind: train.submit(kind, X_train, y_train) for kind in model_types or ALL}
    scores = {kind: future.result().score(X_test, y_test) for kind, future in futures.items()}
    kind = max(scores, key=scores.get)
    joblib.dump(futures[kind].result(), "best.joblib")
    return {"model_type": kind, "accuracy": scores[kind], "path": "best.joblib"}
