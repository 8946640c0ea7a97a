"""Errors that code for Airflow 2 meets in Airflow 3, each with the way it is written today."""

import re
from pathlib import Path

STANDARD = "airflow.providers.standard"
REPLACED = {  # a pattern in the error → what to write instead
    r"schedule_interval|argument 'timetable'": "it is schedule=… now: DAG(…, schedule='@daily')",
    r"\bdummy|DummyOperator": f"it is EmptyOperator now: from {STANDARD}.operators.empty import EmptyOperator",
    r"operators\.(python|bash|latest_only)_operator": f"from {STANDARD}.operators.\\1 import …",
    r"operators\.branch_operator": f"from {STANDARD}.operators.branch import BaseBranchOperator",
    r"operators\.dagrun_operator": f"from {STANDARD}.operators.trigger_dagrun import TriggerDagRunOperator",
    r"operators\.email": "mail comes from a notifier now: on_failure_callback=SmtpNotifier(…) of the SMTP provider",
    r"SubDag|subdag": "use a TaskGroup: from airflow.sdk import TaskGroup",
    r"sensors\.base|sensors_?\.base_sensor": "from airflow.sdk import BaseSensorOperator",
    r"sensors\.(\w+?)(_sensor)?'": f"from {STANDARD}.sensors.\\1 import …",
    r"airflow\.contrib": "install the provider's package and import from airflow.providers.…",
    r"days_ago|utils\.dates": "give a fixed day: start_date=datetime(2025, 1, 1)",
    r"hooks\.base": "from airflow.sdk import BaseHook",
    r"airflow\.datasets": "a Dataset is an Asset now: from airflow.sdk import Asset",
    r"provide_context": "take it away: a callable with **context always gets the context",
    r"task_concurrency": "it is max_active_tis_per_dag=… now",
    r"concurrency": "it is max_active_tasks=… now",
    r"default_view|orientation": "take it away: the reader of the web page chooses",
    r"fail_stop": "it is fail_fast=… now",
    r"execution_date": "it is logical_date now",
    r"have Dags yet|associated to a Dag": "make the operators under `with DAG(…):`, or give each of them dag=…",
    r"Cycle detected": "a DAG has no way back to its start: take one of the edges around that task away",
    r"already been added": "every task of a DAG needs a name of its own",
}


def explain(trace: str, path: Path) -> str:
    """A traceback in one line, with what to write today where the cause is an API of Airflow 2."""
    lines = [line for line in trace.strip().splitlines() if line.strip()]
    starts = [
        number for number, line in enumerate(lines) if re.match(r"[A-Za-z_][\w.]*(: |$)", line)
    ]
    text = " ".join(" ".join(lines[starts[-1] if starts else -1 :]).split())
    text = re.sub(r"^([a-z_]\w*\.)+(?=[A-Z])| \(/[^)]*\)", "", text).rstrip(".")
    places = re.findall(rf'File "{re.escape(str(path))}", line (\d+)', trace)
    advice = next(
        (
            found.expand(advice)
            for pattern, advice in REPLACED.items()
            if (found := re.search(pattern, text))
        ),
        "",
    )
    return (
        f"{path.name}{f', line {places[-1]}' if places else ''}: {text}{advice and f' → {advice}'}"
    )
