"""Problem 2, the DAG `example` mended: Airflow loads and runs it; what it says is compared."""

import re

from workbench.exercises.answers import Answer
from workbench.exercises.explanation import explained
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import UNTRIED, Verdict, Verdicts, in_line, raised
from workbench.sandbox.job import Job, Observations

DAG, FIRST, SECOND = "example", "task_a", "task_b"
SAYS = {FIRST: "Task A", SECOND: "Task B"}
NO_DAG = (
    "Airflow found no DAG in the file: is one made, and if it is a function under @dag, "
    "is it called?"
)
BASH_ECHOES = "Running command: "  # Airflow's own line, which repeats the command's words


def judge(exercise: Exercise, answer: Answer, seed: int, job: Job | None) -> dict[str, Verdict]:
    """Decide what the DAG is and how it ran, and the prose; nothing depends on the seed."""
    verdicts = Verdicts(exercise.thoughts)
    if job:
        observed = job.step("loads", {"dag": DAG})
        try:
            mistakes = _mistakes(observed) if observed.first("dags") else {}
        except (AttributeError, LookupError, TypeError):  # no probe of ours would say that
            mistakes = {}
        if not mistakes and not observed.stopped:
            criteria = exercise.of_part("code")
            mistakes = dict.fromkeys(criteria, UNTRIED) | {"loads": _unable(observed)}
        for criterion, wrong in mistakes.items():
            verdicts.decide(criterion, wrong)
    return verdicts | explained(exercise, answer)


def _unable(observed: Observations) -> str:
    """Why Airflow found nothing in the file, in the last line of its words."""
    text = str(observed.first("error") or (observed.error or {}).get("text") or "")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return NO_DAG
    numbers = re.findall(r'answer\.py", line (\d+)', text)
    where = in_line(numbers[-1]) if numbers else ""
    return f"Airflow could not load the file: {lines[-1]}{where}."


def _mistakes(observed: Observations) -> dict[str, str]:
    """What is wrong by each criterion; empty where nothing is."""
    dags = observed.first("dags")
    dag = next((dag for dag in dags if dag["id"] == DAG), dags[0])
    tasks = dag["tasks"]
    missing = [name for name in SAYS if name not in tasks]
    mistakes = {
        "loads": _other_dags([dag["id"] for dag in dags]),
        "tasks_in_dag": "",
        "dependency": _no_edge(tasks.get(FIRST, {}).get("downstream", [])),
        "schedule": "",
        "no_backfill": "",
        "retries": _no_retries(tasks),
    }
    if missing:
        mistakes["tasks_in_dag"] = (
            f"The tasks of the DAG are {', '.join(tasks)}; expected {' and '.join(SAYS)}."
        )
    if dag["timetable"].endswith(".NullTimetable"):
        mistakes["schedule"] = "The DAG has no schedule: it would only ever run by hand."
    if dag["catchup"]:
        mistakes["no_backfill"] = (
            "catchup is on: every run since the start date would be made up for."
        )
    if not observed.stopped:
        mistakes["runs"] = "A run needs both tasks." if missing else _stumbles(observed)
    return mistakes


def _other_dags(names: list[str]) -> str:
    if names == [DAG]:
        return ""
    return f"Airflow found the DAGs {', '.join(sorted(names))}; expected one, {DAG}."


def _no_edge(downstream: list[str]) -> str:
    if SECOND in downstream:
        return ""
    return f"Directly after {FIRST} comes {', '.join(downstream) or 'nothing'}; expected {SECOND}."


def _no_retries(tasks: dict) -> str:
    for name in SAYS:
        if not tasks.get(name, {}).get("retries"):
            return f"{name} is never retried; expected retries of at least 1."
    for name in SAYS:
        if not tasks.get(name, {}).get("delay_set"):
            chosen = "but after a delay that nobody chose; expected a retry_delay"
            return f"{name} is retried, {chosen}."
    return ""


def _stumbles(observed: Observations) -> str:
    """What went wrong in the run; empty when it went well."""
    if observed.error:
        return f"Airflow could not run the DAG: {raised(observed.error)}."
    attempts = {value["task"]: value for value in observed.values if "task" in value}
    for name, words in SAYS.items():
        attempt = attempts.get(name, {"state": "not run"})
        if attempt["state"] != "success":
            why = f" with {attempt['error']}" if attempt.get("error") else ""
            return f"{name} ended as {attempt['state']}{why}; expected success."
        lines = str(attempt["output"]).splitlines()
        if not any(words in line for line in lines if BASH_ECHOES not in line):
            return f"{name} succeeded without {words!r} in its output."
    if list(attempts).index(FIRST) > list(attempts).index(SECOND):
        return f"{SECOND} ran before {FIRST}."
    ended = observed.first("run")
    return "" if ended == "success" else f"The run ended as {ended}; expected success."
