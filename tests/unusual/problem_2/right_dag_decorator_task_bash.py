import pendulum
from airflow.sdk import dag, task


@dag(dag_id="example", schedule="@hourly", start_date=pendulum.datetime(2025, 3, 1, tz="UTC"), catchup=False)
def pipeline():
    @task.bash(env={"WORD": "A"}, retries=1, retry_delay=pendulum.duration(minutes=1))
    def task_a():
        return "echo Task $WORD"

    @task.bash(retries=1, retry_delay=pendulum.duration(minutes=1))
    def task_b():
        return "printf 'Task %s\n' B"

    task_a() >> task_b()


pipeline()
