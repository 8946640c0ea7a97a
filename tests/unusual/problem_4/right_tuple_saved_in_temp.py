import os
import tempfile

import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from prefect.futures import as_completed
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import RobustScaler
from xgboost import XGBClassifier


@task(retries=1)
def train(kind, X_train, X_test, y_train, y_test):
    scaler = RobustScaler().fit(X_train)
    classes = {"random_forest": RandomForestClassifier, "xgboost": XGBClassifier, "lightgbm": LGBMClassifier}
    model = classes[kind](n_estimators=12, max_depth=4)
    model.fit(scaler.transform(X_train), y_train)
    right = sum(model.predict(scaler.transform(X_test)) == y_test)
    return right / len(y_test), kind, (model, scaler)


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    X, y = load_breast_cancer(return_X_y=True)
    parts = train_test_split(X, y, test_size=test_size, random_state=99)
    wanted = ["lightgbm", "xgboost", "random_forest"] if not model_types else model_types
    futures = [train.submit(kind, *parts) for kind in wanted]
    best = (-1, None, None)
    for future in as_completed(futures):
        result = future.result()
        if result[0] > best[0]:
            best = result
    path = os.path.join(tempfile.mkdtemp(prefix="models"), "best.bin")
    joblib.dump(best[2], path, compress=3)
    return dict(model_type=best[1], accuracy=best[0], path=path)
