"""Stepping an Airflow DAG beside Airflow's own `dag.test()`: ten empty tasks, one process."""

import statistics
import tempfile
import time
from pathlib import Path

from workbench import Run, start

TASKS, ROUNDS = 10, 3


def chain():
    from airflow.providers.standard.operators.python import PythonOperator
    from airflow.sdk import DAG

    with DAG("chain", schedule=None) as dag:
        tasks = [
            PythonOperator(task_id=f"t{number}", python_callable=lambda: 1)
            for number in range(TASKS)
        ]
        for number in range(1, TASKS):
            tasks[number - 1] >> tasks[number]
    return dag


def timed(action):
    wall, cpu = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - wall, time.process_time() - cpu


def step_through(dag):
    run = Run(dag)
    while run.step():
        pass
    assert run.record.state == "success"
    run.close()


def main():
    cpu = time.process_time()
    start(seed=7)
    dag = chain()
    first = Run(dag)
    first.step()
    spent = time.process_time() - cpu
    print(f"first task of a session, imports included: {spent:.1f} s CPU (limit 12)")
    steps, tests, overheads = [], [], []
    for _ in range(ROUNDS):
        steps.append(timed(lambda: step_through(dag))[0] / TASKS)
        tests.append(timed(dag.test)[0] / TASKS)
    run = Run(dag)
    for number in range(TASKS):
        seconds, _ = timed(run.step)
        overheads.append(seconds - run.record.attempts(f"t{number}")[0].duration)
    print(f"stepped: {statistics.median(steps):.3f} s a task, run creation included")
    print(f"dag.test(): {statistics.median(tests):.3f} s a task")
    print(f"over the attempt's own time: {statistics.median(overheads):.3f} s a step (limit 0.15)")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        import os

        os.environ.setdefault("WORKBENCH_HOME", folder)
        os.chdir(Path(folder))
        main()
