import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

KINDS = {
    "random_forest": RandomForestClassifier,
    "xgboost": XGBClassifier,
    "lightgbm": LGBMClassifier,
}


@task
def train(kind, X_train, X_test, y_train, y_test):
    model = make_pipeline(StandardScaler(), KINDS[kind](n_estimators=8))
    chosen_by = (cross_val_predict(model, X_train, y_train, cv=3) == y_train).mean()
    return kind, model.fit(X_train, y_train), chosen_by, model.score(X_test, y_test)


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    names = model_types or list(KINDS)
    for name in names:
        KINDS[name]
    X, y = load_breast_cancer(return_X_y=True)
    parts = train_test_split(X, y, test_size=test_size, random_state=0)
    rows = [future.result() for future in [train.submit(name, *parts) for name in names]]
    kind, model, _, accuracy = max(rows, key=lambda row: row[2])
    joblib.dump(model, "best.joblib")
    return {"model_type": kind, "accuracy": float(accuracy), "path": "best.joblib"}
