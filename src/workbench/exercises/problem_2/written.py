"""A DAG as Airflow's own serialization has it; nothing here runs, or believes, an answer's code."""

import time
from dataclasses import dataclass

FIRST, SECOND = "task_a", "task_b"
USUAL_DELAY = 300.0  # seconds, Airflow's own: written by nobody, or by somebody who means it
POOL, PLACES = "default_pool", 128  # the one that every Airflow has, and how many are in it
# What bounds how much runs, or how long (seconds) → the least with which anything does.
LIMITS = dict.fromkeys(
    ("max_active_runs", "max_active_tasks", "max_active_tis_per_dag", "max_active_tis_per_dagrun"),
    1,
) | {"dagrun_timeout": 1}
MISSPELT = ("retry", "retrys", "retries_delay", "retry_delays", "retires", "max_retries")


@dataclass(frozen=True)
class WrittenDag:
    """What of a serialized DAG is asked for; tasks: by their ids, each a dictionary of what is set.

    due: whether it ever runs by itself; limits: what it sets, by its name; chosen: tasks whose
    author has written a retry_delay, which the default's value does not tell; source: the answer's,
    which then speaks of it.
    """

    id: str
    scheduled: bool
    due: bool
    limits: dict
    catchup: bool
    end: float | None
    start: float | None
    tasks: dict[str, dict]
    chosen: frozenset[str]
    source: str

    @classmethod
    def read(cls, data: dict, due: bool, chosen: dict, source: str) -> "WrittenDag":
        """The DAG in Airflow's JSON; raise LookupError, TypeError or AttributeError for another."""
        dag = data["dag"]
        tasks = [task["__var"] for task in dag["tasks"]]
        following = [name for task in tasks for name in task.get("downstream_task_ids", [])]
        names = [dag["dag_id"], *(task["task_id"] for task in tasks), *following]
        if not all(isinstance(name, str) for name in names):
            raise TypeError
        return cls(
            dag["dag_id"],
            not dag["timetable"]["__type"].endswith(".NullTimetable"),
            due is True,
            {limit: dag.get(limit) for limit in LIMITS},
            bool(dag.get("catchup", False)),
            dag.get("end_date"),
            dag.get("start_date"),
            {task["task_id"]: {**task.get("partial_kwargs", {}), **task} for task in tasks},
            frozenset(chosen[dag["dag_id"]] if "retry_delay" in source else ()),
            source,
        )

    def lacks(self, missing: list[str]) -> str:
        if not missing:
            return ""
        names = ", ".join(self.tasks) or "none"
        grouped = [name for name in self.tasks if name.partition(".")[2] in missing]
        why = " (what stands before the dot is the name of a task group)" if grouped else ""
        return f"The tasks of the DAG are {names}{why}; expected {FIRST} and {SECOND}."

    def no_edge(self) -> str:
        following = self.tasks[FIRST].get("downstream_task_ids", [])
        if SECOND in following:
            return ""
        if FIRST in self.tasks[SECOND].get("downstream_task_ids", []):
            return f"{FIRST} comes after {SECOND}; expected {FIRST} first, then {SECOND}."
        after = ", ".join(following) or "nothing"
        return f"Directly after {FIRST} comes {after}; expected {SECOND}."

    def no_retries(self) -> str:
        for name in (FIRST, SECOND):
            if not number_in(self.tasks[name].get("retries")) >= 1:
                known = "Airflow reads retries and retry_delay, no other spelling"
                other = next((word for word in MISSPELT if f'"{word}"' in self.source), "")
                hint = f" The answer has {other!r}: {known}." if other else ""
                return f"{name} is never retried; expected retries of at least 1.{hint}"
        for name in (FIRST, SECOND):
            delay = self.tasks[name].get("retry_delay", USUAL_DELAY)
            if number_in(delay) < 0:
                return f"{name} has the retry_delay {delay:g} s; expected one that lies ahead."
            if delay == USUAL_DELAY and name not in self.chosen:
                return (
                    f"{name} is retried, but after a delay that nobody chose; "
                    "expected a retry_delay."
                )
        return ""

    def unscheduled(self) -> str:
        if not self.scheduled:
            return "The DAG has no schedule: it would only ever run by hand."
        never = (
            "The DAG has a schedule by which no run is ever due: it would only ever run by hand."
        )
        return "" if self.due else never

    def kept_back(self, name: str) -> str:
        """What keeps Airflow's scheduler from ever starting a task, whatever else it runs."""
        task = self.tasks[name]
        if (pool := task.get("pool", POOL)) != POOL:
            return f"it waits for a place in the pool {pool!r}, which the file does not make"
        if (places := number_in(task.get("pool_slots"))) > PLACES:
            return f"it waits for {places:g} places in a pool, and {POOL!r} has {PLACES} in all"
        for limit, least in LIMITS.items():
            given = task.get(limit, self.limits[limit])
            if isinstance(given, int | float) and given < least:
                return f"{limit} is {given:g}, which leaves nothing to run"
        return ""

    def never_ran(self, name: str) -> tuple[str, str]:
        """Why Airflow did not even start a task, and what to think about."""
        now, task = time.time(), self.tasks[name]
        ends = [end for end in (self.end, task.get("end_date")) if isinstance(end, float)]
        begins = [
            begin for begin in (self.start, task.get("start_date")) if isinstance(begin, float)
        ]
        if ends and min(ends) < now:
            over = "the end_date lies in the past, and after it Airflow runs nothing"
            return f"{name} was not run: {over}.", "Until when is the DAG to run, if ever it ends?"
        if begins and max(begins) > now:
            ahead = "the start_date lies ahead, and before it Airflow runs nothing"
            return f"{name} was not run: {ahead}.", "From when on is the DAG to run?"
        rule = task.get("trigger_rule", "all_success")
        ruled = f" Its trigger_rule is {rule}." if rule != "all_success" else ""
        ask = "What had to happen before it, and did it happen?"
        return f"{name} was not run; expected success.{ruled}", ask


def number_in(value: object) -> float:
    """What Airflow has written as a number; 0 for anything else."""
    return value if isinstance(value, int | float) else 0
