# three classes of one's own with a report each; what is saved is an object of one of them
import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier


class Described:
    def describe(self):
        return f"{type(self).__name__} with {self.get_params()['n_estimators']} trees"


class Forest(Described, RandomForestClassifier):
    pass


class Boosting(Described, XGBClassifier):
    def fit(self, X, y, **others):
        self.rows_ = len(X)
        return super().fit(X, y, **others)


class Leaves(Described, LGBMClassifier):
    pass


MODELS = {
    "random_forest": Forest(n_estimators=40, random_state=1),
    "xgboost": Boosting(n_estimators=20, n_jobs=1),
    "lightgbm": Leaves(n_estimators=20, n_jobs=1, verbose=-1),
}


@task
def fit_and_score(kind, X_train, X_test, y_train, y_test):
    model = MODELS[kind].fit(X_train, y_train)
    print(model.describe())
    return {"kind": kind, "model": model, "accuracy": model.score(X_test, y_test)}


@flow(log_prints=True)
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = list(MODELS) if model_types is None else model_types
    if strange := set(kinds) - set(MODELS):
        raise KeyError(f"no such model: {', '.join(strange)}")
    X, y = load_wine(return_X_y=True)
    split = train_test_split(X, y, test_size=test_size, random_state=2, stratify=y)
    runs = [fit_and_score.submit(kind, *split) for kind in kinds]
    ended = [run.result(raise_on_failure=False) for run in runs]
    best = max((end for end in ended if isinstance(end, dict)), key=lambda end: end["accuracy"])
    joblib.dump(best["model"], "best_model.joblib")
    return {
        "model_type": best["kind"],
        "accuracy": float(best["accuracy"]),
        "path": "best_model.joblib",
    }
