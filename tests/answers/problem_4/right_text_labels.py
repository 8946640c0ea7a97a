# labels are words; every prediction is translated back
import joblib
import numpy as np
from lightgbm import LGBMClassifier
from prefect import flow, task, unmapped
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder
from xgboost import XGBClassifier


class UnknownModel(Exception):
    pass


@task
def make(kind):
    try:
        return {
            "random_forest": RandomForestClassifier,
            "xgboost": XGBClassifier,
            "lightgbm": LGBMClassifier,
        }[kind]
    except KeyError:
        raise UnknownModel(f"there is no model {kind!r}") from None


@task
def train(maker, X, y):
    return maker(n_estimators=25).fit(X, y)


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = ["random_forest", "xgboost", "lightgbm"] if model_types is None else model_types
    makers = [make(kind) for kind in kinds]
    X, y = load_wine(return_X_y=True)
    words = np.array(["barolo", "grignolino", "barbera"])[y]
    names = LabelEncoder().fit(words)
    X_train, X_test, y_train, y_test = train_test_split(
        X, words, test_size=test_size, random_state=11
    )
    models = train.map(makers, unmapped(X_train), unmapped(names.transform(y_train))).result()
    correct = [
        np.mean(names.inverse_transform(model.predict(X_test)) == y_test) for model in models
    ]
    winner = int(np.argmax(correct))
    joblib.dump(models[winner], "wine.joblib")
    return {"model_type": kinds[winner], "accuracy": float(correct[winner]), "path": "wine.joblib"}
