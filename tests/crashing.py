"""A diamond on any engine, in a process that is there to be killed.

``python crashing.py ENGINE FOLDER`` begins the run in FOLDER, or goes on with it, and prints how
it ended. ``python crashing.py ENGINE FOLDER stubborn`` prints the attempts of a task that always
fails, has one retry, and whose first attempt was interrupted.
"""

import json
import sys
from pathlib import Path

from workbench import Run, start

PAUSE = 0.3  # seconds that each task lasts, so that there is something to interrupt


def local():
    """number → (double, square) → total: 3, 6, 9, 15."""
    import time

    from workbench import Pipeline

    pipeline = Pipeline("diamond")

    @pipeline.task
    def number():
        time.sleep(PAUSE)
        return 3

    @pipeline.task
    def double(number):
        time.sleep(PAUSE)
        return 2 * number

    @pipeline.task
    def square(number):
        time.sleep(PAUSE)
        return number**2

    @pipeline.task
    def total(double, square):
        time.sleep(PAUSE)
        return double + square

    return pipeline


def airflow():
    """The same in Airflow's words."""
    import time

    from airflow.sdk import DAG, task

    with DAG("diamond", schedule=None) as dag:

        @task
        def number():
            time.sleep(PAUSE)
            return 3

        @task
        def double(value):
            time.sleep(PAUSE)
            return 2 * value

        @task
        def square(value):
            time.sleep(PAUSE)
            return value**2

        @task
        def total(one, other):
            time.sleep(PAUSE)
            return one + other

        three = number()
        total(double(three), square(three))
    return dag


def kubeflow():
    """The same in Kubeflow's words."""
    from kfp import dsl

    @dsl.component
    def number() -> int:
        return 3

    @dsl.component
    def double(value: int) -> int:
        return 2 * value

    @dsl.component
    def square(value: int) -> int:
        return value**2

    @dsl.component
    def total(one: int, other: int) -> int:
        return one + other

    @dsl.pipeline
    def diamond():
        three = number()
        six = double(value=three.output)
        nine = square(value=three.output)
        total(one=six.output, other=nine.output)

    return diamond


def prefect():
    """The same in Prefect's words."""
    import time

    from prefect import flow, task

    @task
    def number():
        time.sleep(PAUSE)
        return 3

    @task
    def double(value):
        time.sleep(PAUSE)
        return 2 * value

    @task
    def square(value):
        time.sleep(PAUSE)
        return value**2

    @task
    def total(one, other):
        time.sleep(PAUSE)
        return one + other

    @flow
    def diamond():
        three = number()
        six, nine = double.submit(three), square.submit(three)
        return total(six, nine)

    return diamond


ENGINES = {"local": local, "airflow": airflow, "kubeflow": kubeflow, "prefect": prefect}


def stubborn_local():
    from workbench import Pipeline

    pipeline = Pipeline("stubborn")
    pipeline.task(lambda: 1 / 0, name="fails", retries=1)
    return pipeline


def stubborn_airflow():
    from airflow.sdk import DAG, task

    with DAG("stubborn", schedule=None) as dag:

        @task(retries=1)
        def fails():
            return 1 / 0

        fails()
    return dag


def stubborn_kubeflow():
    from kfp import dsl

    @dsl.component
    def fails() -> float:
        return 1 / 0

    @dsl.pipeline
    def stubborn():
        fails().set_retry(1)

    return stubborn


def stubborn_prefect():
    from prefect import flow, task

    @task(retries=1)
    def fails():
        return 1 / 0

    @flow
    def stubborn():
        fails()

    return stubborn


def main(engine, folder):
    start(seed=1)
    thing = ENGINES[engine]()
    if Path(folder, "record.jsonl").exists():
        run = Run.resume(folder, thing, jobs=2)
    else:
        run = Run(thing, folder, jobs=2)
    run.run_all()
    total = next(task for task in run.states if task.startswith("total"))
    print(json.dumps({"state": run.record.state, "total": run.outputs[total]}))
    run.close()


def interrupted(engine, folder, thing):
    """Put an attempt into the record that has no end, as a crash leaves it, and go on."""
    start(seed=1)
    build = globals()[f"{thing}_{engine}"]
    run = Run(build(), folder)
    (task,) = run.ready()
    for kind in ("queued", "started"):
        run.record.append(kind, task, run.record.last_at, 1)
    run.engine.close()
    run.record.detach()
    again = Run.resume(folder, build())
    again.run_all()
    print(json.dumps([attempt.error for attempt in again.record.attempts(task)]))
    again.close()


ENGINES = {"local": local, "airflow": airflow, "kubeflow": kubeflow, "prefect": prefect}

if __name__ == "__main__":
    interrupted(*sys.argv[1:]) if sys.argv[3:] else main(*sys.argv[1:])
