"""Seconds to list a folder of 200 DAG files, one of them broken, where nothing has run before."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FILES = 200
DAG = """
from datetime import datetime
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

with DAG("dag_{number:03}", schedule="@daily", start_date=datetime(2024, 1, 1)):
    tasks = [PythonOperator(task_id=f"t{{n}}", python_callable=print) for n in range(5)]
    tasks >> EmptyOperator(task_id="last")
"""


def seconds(command: list[str], folder: Path) -> float:
    """Wall seconds of a command that begins with an empty home."""
    environment = {**os.environ, "WORKBENCH_HOME": str(folder / "home"), "COLUMNS": "200"}
    begun = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    took = time.perf_counter() - begun
    assert done.stdout.count("dag_") >= FILES, done.stdout
    return took


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        dags = Path(scratch, "dags")
        dags.mkdir()
        for number in range(FILES):
            text = "from airflow.sdk import DAG\n1 / 0\n" if number == 77 else DAG
            (dags / f"dag_{number:03}.py").write_text(text.format(number=number))
        listing = [sys.executable, "-m", "workbench", "step", str(dags), "--list"]
        load = os.getloadavg()[0]
        print(f"{FILES} DAG files: {seconds(listing, Path(scratch)):.1f} s cold (load {load:.1f})")
