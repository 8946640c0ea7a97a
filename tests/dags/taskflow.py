"""TaskFlow under @dag, several outputs at once."""

from airflow.sdk import dag, task


@dag(dag_id="taskflow", schedule=None)
def build():
    @task(multiple_outputs=True)
    def extract() -> dict:
        return {"rows": 3, "name": "wine"}

    @task
    def load(rows, name):
        return f"{rows} rows of {name}"

    found = extract()
    load(found["rows"], found["name"])


build()
