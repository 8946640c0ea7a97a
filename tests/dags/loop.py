"""Two DAGs in one file, made in loops."""

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

for size in ("small", "large"):
    with DAG(f"models_{size}", schedule=None) as globals()[f"models_{size}"]:
        for kind in ("rf", "xgboost", "lightgbm"):
            PythonOperator(task_id=f"train_{kind}", python_callable=str.upper, op_args=[kind])
