"""Airflow DAGs that several test modules run, and what Airflow's own database says of a run."""

import itertools
import sqlite3
import time
from datetime import datetime
from pathlib import Path

from workbench import workspace

DAGS = Path(__file__).parent / "dags"
ENDED = {"succeeded": "success", "failed": "failed", "retrying": "failed", "skipped": "skipped"}


def in_a_row(*functions, **options):
    """A DAG of plain functions, one after the other; options are those of each operator."""
    from airflow.providers.standard.operators.python import PythonOperator
    from airflow.sdk import DAG

    with DAG("row", schedule=None) as dag:
        tasks = [
            PythonOperator(task_id=function.__name__, python_callable=function, **options)
            for function in functions
        ]
        for before, after in itertools.pairwise(tasks):
            before >> after
    return dag


def one():
    return 1


def two(ti):
    return ti.xcom_pull(task_ids="one") + 1


def three(ti):
    return ti.xcom_pull(task_ids="two") + 1


def rows(query, *values):
    with sqlite3.connect(workspace.start() / "airflow" / "airflow.db") as connection:
        return connection.execute(query, values).fetchall()


def attempts_in_database(dag_id):
    """(task, map index, try, start, end, state) of every attempt that Airflow knows of.

    One that was retried is a failed one.
    """
    state = "replace(state, 'up_for_retry', 'failed')"
    columns = f"task_id, map_index, try_number, start_date, end_date, {state}"
    which = "dag_id = ? AND try_number > 0 AND start_date IS NOT NULL"
    found = {}
    for table in ("task_instance_history", "task_instance"):
        for row in rows(f"SELECT {columns} FROM {table} WHERE {which}", dag_id):
            found[row[:3]] = row
    return sorted(found.values())


def attempts_in_record(execution):
    """The same out of a record, its seconds turned into Airflow's way of writing a time."""
    ends = {(e.task, e.attempt): e for e in execution.record.events if e.kind in ENDED and e.task}
    found = []
    for event in execution.record.events:
        if event.kind == "started" and event.task:
            end = ends[event.task, event.attempt]
            task_id, number = execution.engine.structure.address(event.task)
            times = [written(execution, each.at) for each in (event, end)]
            found.append((task_id, number, event.attempt, *times, ENDED[end.kind]))
    return sorted(found)


def written(execution, at):
    """A moment of the record as Airflow writes it."""
    moment = execution.epoch + at
    micros = round(moment % 1 * 1e6) % 1_000_000
    return f"{time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(int(moment)))}.{micros:06d}"


def assert_agrees(execution):
    recorded, stored = attempts_in_record(execution), attempts_in_database(execution.record.name)
    assert [row[:3] + row[5:] for row in recorded] == [row[:3] + row[5:] for row in stored]
    for mine, airflows in zip(recorded, stored, strict=True):
        for left, right in zip(mine[3:5], airflows[3:5], strict=True):
            assert abs(seconds(left) - seconds(right)) < 1e-4


def seconds(text):
    return datetime.fromisoformat(text).timestamp()


def until(true):
    deadline = time.monotonic() + 150
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
