"""Errors that code for Airflow 2 meets in Airflow 3, each with the way it is written today."""

import re
from pathlib import Path

_STANDARD = "airflow.providers.standard"
_SMTP = "on_failure_callback=SmtpNotifier(…) of the SMTP provider"
_ADVICE = {  # a pattern in the error → what to write instead
    r"schedule_interval|argument 'timetable'": "it is schedule=… now: DAG(…, schedule='@daily')",
    r"\bdummy|DummyOperator": (
        f"it is EmptyOperator now: from {_STANDARD}.operators.empty import EmptyOperator"
    ),
    r"operators\.(python|bash|latest_only)_operator": f"from {_STANDARD}.operators.\\1 import …",
    r"operators\.branch_operator": f"from {_STANDARD}.operators.branch import BaseBranchOperator",
    r"operators\.dagrun_operator": (
        f"from {_STANDARD}.operators.trigger_dagrun import TriggerDagRunOperator"
    ),
    r"operators\.email": f"mail comes from a notifier now: {_SMTP}",
    r"SubDag|subdag": "use a TaskGroup: from airflow.sdk import TaskGroup",
    r"sensors\.base|sensors_?\.base_sensor": "from airflow.sdk import BaseSensorOperator",
    r"sensors\.(\w+?)(_sensor)?'": f"from {_STANDARD}.sensors.\\1 import …",
    r"airflow\.contrib": "install the provider's package and import from airflow.providers.…",
    r"No module named 'airflow\.providers\.|task decorator '\w+' not found": (
        "install the provider that it is of"
    ),
    r"days_ago|utils\.dates": "give a fixed day: start_date=datetime(2025, 1, 1)",
    r"hooks\.base": "from airflow.sdk import BaseHook",
    r"airflow\.datasets": "a Dataset is an Asset now: from airflow.sdk import Asset",
    r"provide_context": "take it away: a callable with **context always gets the context",
    r"task_concurrency": "it is max_active_tis_per_dag=… now",
    r"concurrency": "it is max_active_tasks=… now",
    r"default_view|orientation": "take it away: the reader of the web page chooses",
    r"fail_stop": "it is fail_fast=… now",
    r"execution_date": "it is logical_date now",
    r"have Dags yet|associated to a Dag": (
        "make the operators under `with DAG(…):`, or give each of them dag=…"
    ),
    r"Cycle detected": (
        "a DAG has no way back to its start: take one of the edges around that task away"
    ),
    r"already been added": "every task of a DAG needs a name of its own",
}

# What left the context of a task, and what says the same today.
_CONTEXT = {
    "execution_date": "logical_date",
    "next_execution_date": "data_interval_end",
    "next_ds": "data_interval_end | ds",
    "next_ds_nodash": "data_interval_end | ds_nodash",
    "prev_execution_date": "prev_data_interval_start_success",
    "prev_execution_date_success": "prev_data_interval_start_success",
    "prev_ds": "prev_data_interval_start_success | ds",
    "prev_ds_nodash": "prev_data_interval_start_success | ds_nodash",
    "tomorrow_ds": "macros.ds_add(ds, 1)",
    "tomorrow_ds_nodash": "macros.ds_add(ds, 1) without dashes",
    "yesterday_ds": "macros.ds_add(ds, -1)",
    "yesterday_ds_nodash": "macros.ds_add(ds, -1) without dashes",
    "conf": "dag_run.conf",
}
_ASKED_FOR = r"^(KeyError|TypeError|UndefinedError|AttributeError): .*?'(?:\w+ object' .*')?({})'"


# What is known by name only, and the variable of the environment that Airflow reads it from, too.
_NAMED = {
    r"conn_id `(\w+)` isn't defined": "AIRFLOW_CONN_",
    r"Variable '?(\w+)'? (?:does not exist|not found)": "AIRFLOW_VAR_",
}


def _giving(error: str) -> str:
    """How to give a connection or variable that is missing."""
    for pattern, variable in _NAMED.items():
        if match := re.search(pattern, error, re.IGNORECASE):
            return f"give it by the environment, {variable}{match[1].upper()}=…"
    return ""


def advised(error: str) -> str:
    """What a task raised, with the way it is written today if it met an API of Airflow 2, and the
    way to give what is missing by its name."""
    if error.startswith(("ModuleNotFoundError: No module named 'airflow", "ImportError: cannot")):
        advice = _advice_for(error)
    else:
        asked = re.search(_ASKED_FOR.format("|".join(_CONTEXT)), error)
        advice = f"it is {_CONTEXT[asked[2]]} now" if asked else _giving(error)
    return f"{error} → {advice}" if advice else error


def explain(trace: str, path: Path) -> str:
    """A traceback in one line, with what to write today if the cause is an API of Airflow 2."""
    error = _error_of(trace)
    lines = re.findall(rf'File "{re.escape(str(path))}", line (\d+)', trace)
    line = f", line {lines[-1]}" if lines else ""
    advice = _advice_for(error) or _giving(error)
    return f"{path.name}{line}: {error}{f' → {advice}' if advice else ''}"


def _error_of(trace: str) -> str:
    """`Type: message`, which may go over several lines, without modules and paths."""
    lines = [line for line in trace.strip().splitlines() if line.strip()]
    begins = [
        number for number, line in enumerate(lines) if re.match(r"[A-Za-z_][\w.]*(: |$)", line)
    ]
    text = " ".join(" ".join(lines[begins[-1] if begins else -1 :]).split())
    return re.sub(r"^([a-z_]\w*\.)+(?=[A-Z])| \(/[^)]*\)", "", text).rstrip(".")


def _advice_for(error: str) -> str:
    for pattern, advice in _ADVICE.items():
        if match := re.search(pattern, error):
            return match.expand(advice)
    return ""
