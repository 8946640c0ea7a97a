import pickle
import uuid

from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder
from xgboost import XGBClassifier


class Bundle:
    def __init__(self, model, encoder):
        self.model, self.encoder = model, encoder

    def predict(self, X):
        return self.encoder.inverse_transform(self.model.predict(X))


BUILD = {
    "random_forest": lambda: RandomForestClassifier(n_estimators=15),
    "xgboost": lambda: XGBClassifier(n_estimators=15),
    "lightgbm": lambda: LGBMClassifier(n_estimators=15, verbose=-1),
}


@task
def train(kind, X, y):
    if kind not in BUILD:
        raise ValueError(f"Unknown model type {kind}")
    encoder = LabelEncoder().fit(y)
    return Bundle(BUILD[kind]().fit(X, encoder.transform(y)), encoder)


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    raw = load_wine()
    names = raw.target_names[raw.target]
    X_train, X_test, y_train, y_test = train_test_split(raw.data, names, test_size=test_size, random_state=31)
    model_types = model_types or list(BUILD)
    bundles = [future.result() for future in [train.submit(kind, X_train, y_train) for kind in model_types]]
    accuracy = {}
    for kind, bundle in zip(model_types, bundles):
        guessed = [bundle.encoder.classes_[i] if 0 <= i < 3 else "?" for i in bundle.model.predict(X_test)]
        accuracy[kind] = sum(g == t for g, t in zip(guessed, y_test)) / len(y_test)
    kind = max(accuracy, key=accuracy.get)
    path = f"bundle-{uuid.uuid4().hex}.pickle"
    with open(path, "wb") as file:
        pickle.dump(bundles[model_types.index(kind)], file)
    return {"model_type": kind, "accuracy": accuracy[kind], "path": path}
