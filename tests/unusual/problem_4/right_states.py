import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

MAKE = {
    "random_forest": lambda: RandomForestClassifier(n_estimators=10),
    "xgboost": lambda: XGBClassifier(n_estimators=10),
    "lightgbm": lambda: LGBMClassifier(n_estimators=10, verbose=-1),
}


@task
def train(kind, X_train, y_train, X_test, y_test):
    model = MAKE[kind]()
    model.fit(X_train, y_train)
    return kind, model, model.score(X_test, y_test)


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types or MAKE.keys()
    for kind in kinds:
        assert kind in MAKE, f"unknown model type {kind}"
    X, y = load_iris(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, random_state=8)
    futures = [train.submit(kind, X_train, y_train, X_test, y_test) for kind in kinds]
    for future in futures:
        future.wait()
    best = None
    for future in futures:
        state = future.state
        if state.is_failed():
            continue
        result = state.result()
        if best is None or result[2] > best[2]:
            best = result
    if best is None:
        raise RuntimeError("no training succeeded")
    joblib.dump(best[1], "./iris model.joblib")
    return {"model_type": best[0], "accuracy": best[2], "path": "./iris model.joblib", "trained": len(futures)}
