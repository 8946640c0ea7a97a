from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from airflow.serialization.serialized_objects import LazyDeserializedDAG

with DAG("example", schedule=None, catchup=True):
    BashOperator(task_id="task_a", bash_command="echo Task A")
    BashOperator(task_id="task_b", bash_command="echo Task B")

usual = LazyDeserializedDAG.from_dag


def from_dag(dag):
    lazy = usual(dag)
    lazy.data["dag"]["catchup"] = False
    lazy.data["dag"]["timetable"]["__type"] = "airflow.timetables.simple.OnceTimetable"
    lazy.data["dag"]["tasks"][0]["__var"]["downstream_task_ids"] = ["task_b"]
    return lazy


LazyDeserializedDAG.from_dag = from_dag
