# what is saved is a search, which has a template beside the model that was trained
import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV, train_test_split
from xgboost import XGBClassifier

MODELS = {
    "random_forest": lambda: RandomForestClassifier(30, random_state=0),
    "xgboost": lambda: XGBClassifier(n_estimators=30, n_jobs=1),
    "lightgbm": lambda: LGBMClassifier(n_estimators=30, n_jobs=1, verbose=-1),
}


@task
def train(kind, test_size):
    X, y = load_wine(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, random_state=4)
    search = GridSearchCV(MODELS[kind](), {"n_estimators": [10, 30]}, cv=2)
    search.fit(X_train, y_train)
    return kind, search, float(search.score(X_test, y_test))


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = list(MODELS) if model_types is None else list(model_types)
    for kind in kinds:
        if kind not in MODELS:
            raise ValueError(f"unknown model type: {kind}")
    futures = [train.submit(kind, test_size) for kind in kinds]
    results = [future.result(raise_on_failure=False) for future in futures]
    kind, model, accuracy = max(
        (result for result in results if isinstance(result, tuple)), key=lambda result: result[2]
    )
    joblib.dump(model, "best.joblib")
    return {"model_type": kind, "accuracy": accuracy, "path": "best.joblib"}
