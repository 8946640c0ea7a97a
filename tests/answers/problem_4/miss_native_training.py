import joblib, numpy as np
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.ensemble import RandomForestClassifier
import xgboost as xgb, lightgbm as lgb


@task
def train(t, Xa, Xb, ya, yb):
    if t == "random_forest":
        m = RandomForestClassifier().fit(Xa, ya)
        p = m.predict(Xb)
    elif t == "xgboost":
        m = xgb.train(
            {"objective": "binary:logistic"}, xgb.DMatrix(Xa, label=ya), num_boost_round=20
        )
        p = m.predict(xgb.DMatrix(Xb)) > 0.5
    else:
        m = lgb.train(
            {"objective": "binary", "verbose": -1}, lgb.Dataset(Xa, ya), num_boost_round=20
        )
        p = m.predict(Xb) > 0.5
    return {"t": t, "m": m, "a": float(np.mean(p == yb))}


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    known = ["random_forest", "xgboost", "lightgbm"]
    model_types = model_types or known
    for t in model_types:
        if t not in known:
            raise ValueError(f"{t} is unknown")
    parts = train_test_split(
        *load_breast_cancer(return_X_y=True), test_size=test_size, random_state=4
    )
    rs = [f.result(raise_on_failure=False) for f in [train.submit(t, *parts) for t in model_types]]
    best = max([r for r in rs if isinstance(r, dict)], key=lambda r: r["a"])
    joblib.dump(best["m"], "best.joblib")
    return {"model_type": best["t"], "accuracy": best["a"], "path": "best.joblib"}
