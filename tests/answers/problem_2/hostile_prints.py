print("Task A\nTask B\n" * 300000)
from airflow.sdk import DAG
dag = DAG("example", schedule="@daily")
