import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier


class Training:
    classes = {"random_forest": RandomForestClassifier, "xgboost": XGBClassifier, "lightgbm": LGBMClassifier}

    @staticmethod
    @task
    def fit(model, X, y):
        return model.fit(X, y)

    @staticmethod
    @task
    def candidate(kind, parts):
        X_train, X_test, y_train, y_test = parts
        model = Training.fit(Training.classes[kind](n_estimators=15), X_train, y_train)
        return kind, model.score(X_test, y_test), model

    @staticmethod
    @flow(name="in a class")
    def run(model_types=None, test_size=0.2):
        kinds = model_types or [*Training.classes]
        wrong = sorted(set(kinds).difference(Training.classes))
        if wrong:
            raise ValueError("unknown model types: " + ", ".join(wrong))
        parts = train_test_split(*load_breast_cancer(return_X_y=True), test_size=test_size, random_state=2)
        futures = [Training.candidate.submit(kind, parts) for kind in kinds]
        kind, accuracy, model = max([future.result() for future in futures], key=lambda one: one[1])
        joblib.dump(model, "in_class.joblib")
        return {"model_type": kind, "accuracy": accuracy, "path": "in_class.joblib"}


multi_model_training_pipeline = Training.run
