import joblib
import pandas as pd
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from xgboost import XGBClassifier

CHOICES = {
    "random_forest": RandomForestClassifier(n_estimators=20, random_state=0),
    "xgboost": XGBClassifier(n_estimators=20),
    "lightgbm": LGBMClassifier(n_estimators=20, verbose=-1),
}


@task
def load() -> pd.DataFrame:
    return load_wine(as_frame=True).frame


@task
def split(frame, test_size):
    return train_test_split(frame, test_size=test_size, random_state=6, stratify=frame["target"])


@task
def fit_pipeline(kind, train):
    try:
        estimator = CHOICES[kind]
    except KeyError:
        raise ValueError(f"No such model: {kind}") from None
    prepare = make_column_transformer((StandardScaler(), ["alcohol", "hue"]), remainder=MinMaxScaler())
    pipeline = make_pipeline(prepare, estimator)
    return pipeline.fit(train.drop(columns="target"), train["target"])


@task
def evaluate(pipeline, test):
    return pipeline.score(test.drop(columns="target"), test["target"])


@task
def save(pipeline, path):
    joblib.dump(pipeline, path)
    return path


@flow(log_prints=True)
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types or list(CHOICES)
    train, test = split(load(), test_size)
    pipelines = [fit_pipeline.submit(kind, train) for kind in kinds]
    scores = [evaluate.submit(pipeline, test) for pipeline in pipelines]
    board = pd.Series([score.result() for score in scores], index=kinds)
    print(board.to_string())
    best = board.idxmax()
    path = save(pipelines[kinds.index(best)].result(), "best.joblib")
    return {"model_type": best, "accuracy": float(board[best]), "path": path, "board": board.to_dict()}
