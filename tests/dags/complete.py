"""The ten tasks of the chapter's complete pipeline; conf `signal` decides whether there is
anything to learn."""

from datetime import datetime
from itertools import pairwise
from pathlib import Path

import joblib
import numpy
import pandas
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import BranchPythonOperator, PythonOperator
from airflow.sdk import DAG, TriggerRule
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split


def collect(dag_run, signal):
    draw = numpy.random.default_rng(42)
    table = pandas.DataFrame(
        draw.normal(size=(1000, 3)), columns=["feature1", "feature2", "feature3"]
    )
    noise = draw.integers(0, 2, 1000)
    table["target"] = (
        (table["feature1"] + table["feature2"] > 0).astype(int) if signal == "True" else noise
    )
    folder = Path("data", dag_run.run_id.replace(":", "-"))
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / "raw.csv", index=False)
    return str(folder)


def validate(ti):
    table = pandas.read_csv(f"{ti.xcom_pull(task_ids='collect_data')}/raw.csv")
    balance = table["target"].value_counts(normalize=True).min()
    assert table.notna().all(axis=None)
    assert len(table) >= 500
    assert balance >= 0.3
    return len(table)


def preprocess(ti):
    folder = ti.xcom_pull(task_ids="collect_data")
    learnt, held_out = train_test_split(
        pandas.read_csv(f"{folder}/raw.csv"), test_size=0.2, random_state=42
    )
    learnt.to_csv(f"{folder}/train.csv", index=False)
    held_out.to_csv(f"{folder}/test.csv", index=False)
    return folder


def train(ti):
    folder = ti.xcom_pull(task_ids="preprocess")
    table = pandas.read_csv(f"{folder}/train.csv")
    model = RandomForestClassifier(n_estimators=100, random_state=42)
    joblib.dump(model.fit(table.drop(columns="target"), table["target"]), f"{folder}/model.joblib")
    return f"{folder}/model.joblib"


def evaluate(ti):
    table = pandas.read_csv(f"{ti.xcom_pull(task_ids='preprocess')}/test.csv")
    model = joblib.load(ti.xcom_pull(task_ids="train_model"))
    accuracy = float(model.score(table.drop(columns="target"), table["target"]))
    ti.xcom_push(key="metrics", value={"accuracy": accuracy})
    return accuracy


def choose(ti):
    return "register_model" if ti.xcom_pull(task_ids="evaluate") >= 0.8 else "send_alert"


def register(ti):
    model = Path(ti.xcom_pull(task_ids="train_model"))
    return str(model.rename(model.with_name("model-v1.joblib")))


with DAG(
    "complete", schedule="@daily", start_date=datetime(2025, 1, 1), default_args={"retries": 3}
) as dag:
    steps = [
        EmptyOperator(task_id="start"),
        PythonOperator(
            task_id="collect_data",
            python_callable=collect,
            op_kwargs={"signal": "{{ (dag_run.conf or {}).get('signal', False) }}"},
        ),
        PythonOperator(task_id="validate_data", python_callable=validate),
        PythonOperator(task_id="preprocess", python_callable=preprocess),
        PythonOperator(task_id="train_model", python_callable=train),
        PythonOperator(task_id="evaluate", python_callable=evaluate),
        BranchPythonOperator(task_id="quality_check", python_callable=choose),
    ]
    for before, after in pairwise(steps):
        before >> after
    registered = PythonOperator(task_id="register_model", python_callable=register)
    alerted = PythonOperator(task_id="send_alert", python_callable=lambda: print("not good enough"))
    (
        steps[-1]
        >> [registered, alerted]
        >> EmptyOperator(task_id="end", trigger_rule=TriggerRule.ONE_SUCCESS)
    )
