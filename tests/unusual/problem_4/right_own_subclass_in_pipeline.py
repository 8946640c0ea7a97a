# a class of one's own below XGBClassifier, in a pipeline behind a scaler
import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier


class SmallBooster(XGBClassifier):
    def __init__(self, n_estimators=25, max_depth=3, n_jobs=1, **others):
        super().__init__(n_estimators=n_estimators, max_depth=max_depth, n_jobs=n_jobs, **others)


def build(kind):
    match kind:
        case "random_forest":
            return RandomForestClassifier(25, random_state=3)
        case "xgboost":
            return Pipeline([("scale", StandardScaler()), ("boost", SmallBooster())])
        case "lightgbm":
            return make_pipeline(StandardScaler(), LGBMClassifier(n_estimators=25, verbose=-1))
    raise ValueError(f"{kind} is not a model type")


@task
def train(kind, parts):
    X_train, X_test, y_train, y_test = parts
    model = build(kind).fit(X_train, y_train)
    return kind, model, float(model.score(X_test, y_test))


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types or ["random_forest", "xgboost", "lightgbm"]
    for kind in kinds:
        build(kind)
    X, y = load_breast_cancer(return_X_y=True)
    parts = train_test_split(X, y, test_size=test_size, random_state=11)
    futures = [train.submit(kind, parts) for kind in kinds]
    kind, model, accuracy = max((f.result() for f in futures), key=lambda result: result[2])
    joblib.dump(model, "winner.joblib")
    return {"model_type": kind, "accuracy": accuracy, "path": "winner.joblib"}
