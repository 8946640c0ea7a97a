"""Problem 2, the DAG `example` mended: Airflow loads it and runs it once; what Airflow found is compared here."""

import re

from workbench.exercises.report import CRITERIA, THOUGHTS, Verdict
from workbench.sandbox.job import Job, Limits, Observations

PROBE = "workbench.exercises.problem_2.probe"
PRELOAD = (PROBE,)
LIMITS = Limits(wall=15, cpu=10, processes=128)
# What the text has to name, all of it: tasks that belong to no DAG, and no schedule; and the next thought.
EXPLAINED = (
    ("mistake_dag", "mistake_schedule"),
    "Which DAG do the two tasks know of, and how often would it run?",
)
DAG, FIRST, SECOND = "example", "task_a", "task_b"
SAYS = {FIRST: "Task A", SECOND: "Task B"}


def judge(job: Job, seed: int) -> dict[str, Verdict]:
    """Decide every criterion but the prose; nothing here depends on the seed."""
    seen = job.step("loads", {"dag": DAG})
    try:
        wrong = _wrong(seen) if seen.first("dags") else {}
    except (AttributeError, LookupError, TypeError):  # no probe of ours would say that
        wrong = {}
    if not wrong and not seen.stopped:
        names = [name for name, *_ in CRITERIA["problem_2"] if name not in ("loads", "explained")]
        wrong = {"loads": _unable(seen)} | dict.fromkeys(names, "It could not be tried.")
    return {
        name: Verdict("failed", f"{said} {THOUGHTS['problem_2'][name]}")
        if said
        else Verdict("passed")
        for name, said in wrong.items()
    }


def _unable(seen: Observations) -> str:
    said = str(seen.first("error") or (seen.error or {}).get("text") or "")
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    place = re.findall(r'answer\.py", line (\d+)', said)
    if not lines:
        return "Airflow found no DAG in the file: is one made, and if it is a function under @dag, is it called?"
    return (
        f"Airflow could not load the file: {lines[-1]}{f' in line {place[-1]}' if place else ''}."
    )


def _wrong(seen: Observations) -> dict[str, str]:
    """What is wrong by each criterion; empty where nothing is."""
    dags = seen.first("dags")
    dag = next((each for each in dags if each["id"] == DAG), dags[0])
    names, tasks = [each["id"] for each in dags], dag["tasks"]
    missing, after = (
        [name for name in SAYS if name not in tasks],
        tasks.get(FIRST, {}).get("downstream", []),
    )
    once = [name for name in SAYS if not tasks.get(name, {}).get("retries")]
    whenever = [name for name in SAYS if not tasks.get(name, {}).get("delay_set")]
    found = {
        "loads": names != [DAG] and f"Airflow found the DAGs {', '.join(sorted(names))}; expected one, {DAG}.",
        "tasks_in_dag": missing and f"The tasks of the DAG are {', '.join(tasks)}; expected {' and '.join(SAYS)}.",
        "dependency": SECOND not in after
        and f"Directly after {FIRST} comes {', '.join(after) or 'nothing'}; expected {SECOND}.",
        "schedule": dag["timetable"].endswith(".NullTimetable")
        and "The DAG has no schedule: it would only ever run by hand.",
        "no_backfill": dag["catchup"] and "catchup is on: every run since the start date would be made up for.",
        "retries": (once and f"{once[0]} is never retried; expected retries of at least 1.")
        or (whenever and f"{whenever[0]} is retried, but after a delay that nobody chose; expected a retry_delay."),
    }  # fmt: skip
    if not seen.stopped:
        found["runs"] = "A run needs both tasks." if missing else _stumbles(seen)
    return {name: said or "" for name, said in found.items()}


def _stumbles(seen: Observations) -> str:
    """What went wrong in the run; empty when it went well."""
    if seen.error:
        return f"Airflow could not run the DAG: {seen.error.get('type')}: {seen.error.get('text')}."
    attempts, ended = (
        {value["task"]: value for value in seen.values if "task" in value},
        seen.first("run"),
    )
    for name, words in SAYS.items():
        attempt = attempts.get(name, {"state": "not run"})
        if attempt["state"] != "success":
            why = f" with {attempt['error']}" if attempt.get("error") else ""
            return f"{name} ended as {attempt['state']}{why}; expected success."
        said = [
            line for line in str(attempt["output"]).splitlines() if "Running command: " not in line
        ]
        if not any(words in line for line in said):
            return f"{name} succeeded without {words!r} in its output."
    if list(attempts).index(FIRST) > list(attempts).index(SECOND):
        return f"{SECOND} ran before {FIRST}."
    return "" if ended == "success" else f"The run ended as {ended}; expected success."
