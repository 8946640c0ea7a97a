import joblib
import lightgbm as lgb
import xgboost as xgb
from prefect import flow, task
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split


@task
def train(kind, X, y):
    X_fit, X_stop, y_fit, y_stop = train_test_split(X, y, test_size=0.25, random_state=0)
    if kind == "random_forest":
        model = RandomForestClassifier(n_estimators=30, oob_score=True)
        model.fit(X_fit, y_fit)
    elif kind == "xgboost":
        model = xgb.XGBClassifier(n_estimators=40, early_stopping_rounds=5)
        model.fit(X_fit, y_fit, eval_set=[(X_stop, y_stop)], verbose=False)
    elif kind == "lightgbm":
        model = lgb.LGBMClassifier(n_estimators=40, verbose=-1)
        model.fit(X_fit, y_fit, eval_set=[(X_stop, y_stop)], callbacks=[lgb.early_stopping(5, verbose=False)])
    else:
        raise NotImplementedError(kind)
    return model


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    kinds = model_types if model_types is not None else ["xgboost", "lightgbm", "random_forest"]
    X, y = make_classification(600, 12, n_informative=7, n_classes=3, random_state=9)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_size, random_state=9)
    runs = [train.submit(kind, X_train, y_train) for kind in kinds]
    models = [run.result() for run in runs]
    accuracies = [model.score(X_test, y_test) for model in models]
    accuracy, position = max((accuracy, -position) for position, accuracy in enumerate(accuracies))
    joblib.dump(models[-position], "early.joblib")
    return {"model_type": kinds[-position], "accuracy": accuracy, "path": "early.joblib"}
