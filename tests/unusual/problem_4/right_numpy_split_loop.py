import joblib
import numpy as np
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.ensemble import RandomForestClassifier
from xgboost import XGBClassifier

rng = np.random.default_rng(5)
X = rng.normal(size=(300, 5))
y = (X[:, 0] + X[:, 1] * X[:, 2] > 0).astype(int)


def model_for(name):
    table = [
        ("random_forest", RandomForestClassifier(n_estimators=20)),
        ("xgboost", XGBClassifier(n_estimators=20)),
        ("lightgbm", LGBMClassifier(n_estimators=20, verbose=-1)),
    ]
    for known, model in table:
        if known == name:
            return model
    raise Exception("I do not know the model type " + repr(name))


@task
def train(name, rows):
    return model_for(name).fit(X[rows], y[rows])


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    names = model_types or ["xgboost", "random_forest", "lightgbm"]
    order = np.random.permutation(len(X))
    cut = int(len(X) * test_size)
    test, learn = order[:cut], order[cut:]
    futures = []
    for name in names:
        futures.append(train.submit(name, learn))
    accuracies = np.zeros(len(names))
    for i, future in enumerate(futures):
        accuracies[i] = (future.result().predict(X[test]) == y[test]).sum() / cut
    i = accuracies.argmax()
    joblib.dump([futures[i].result()], "/dev/shm/best.joblib")
    return {"model_type": names[i], "accuracy": accuracies[i], "path": "/dev/shm/best.joblib"}
