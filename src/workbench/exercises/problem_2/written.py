"""A DAG as Airflow's own serialization has it; nothing here runs, or believes, an answer's code."""

import re
import time
from dataclasses import dataclass

FIRST, SECOND = "task_a", "task_b"
DAY = 86_400.0
LONGEST_DELAY = 7 * DAY  # seconds; who waits for longer has mistaken the unit
USUAL_DELAY = 300.0  # seconds, Airflow's own: written by nobody, or by somebody who means it
POOL, SLOTS = "default_pool", 128  # the one that every Airflow has, and its size unless changed
AGAIN = rf"({FIRST}|{SECOND})__\d+"  # a task of a name that another had before
# What bounds how much runs, or how long (seconds) → the least with which anything does.
LIMITS = dict.fromkeys(
    ("max_active_runs", "max_active_tasks", "max_active_tis_per_dag", "max_active_tis_per_dagrun"),
    1,
) | {"dagrun_timeout": 1}
# What to think about, by what keeps a task back.
POOLED = "Which pool has every Airflow?"
SLOTTED = "How many slots of its pool does an ordinary task take?"
LIMITED = "How many runs or tasks may go on at once when the limit is that low?"
TIMED = "How long does a run take, and what happens to it when that time is over?"
RULED = "Of the tasks before it, which must have ended, and how, by the rule all_success?"
# With these catchup makes no run of the past.
NEVER_LATE = (
    *(".OnceTimetable", ".ContinuousTimetable"),
    *(".AssetTriggeredTimetable", ".PartitionedAssetTimetable"),
)
MISSPELT = ("retry", "retrys", "retries_delay", "retry_delays", "retires", "max_retries")


@dataclass(frozen=True)
class WrittenDag:
    """What of a serialized DAG is asked for; tasks: by their ids, each a dictionary of what is set.

    due: whether it ever runs by itself; limits: what it sets, by its name, None where it sets
    nothing; chosen: tasks whose author has written a retry_delay, which the default's value does
    not tell; never: tasks whose retry_policy forbids every retry; source: the answer's,
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
    never: frozenset[str]
    source: str

    @classmethod
    def read(
        cls, data: dict, due: bool, chosen: dict, never: dict | None, source: str
    ) -> "WrittenDag":
        """The DAG in Airflow's JSON; raise LookupError, TypeError or AttributeError for another."""
        dag, kind = data["dag"], data["dag"]["timetable"]["__type"]
        tasks = [task["__var"] for task in dag["tasks"]]
        following = [name for task in tasks for name in task.get("downstream_task_ids", [])]
        names = [dag["dag_id"], *(task["task_id"] for task in tasks), *following]
        if not all(isinstance(name, str) for name in names):
            raise TypeError
        return cls(
            dag["dag_id"],
            not kind.endswith(".NullTimetable"),
            due is True,
            {limit: dag.get(limit) for limit in LIMITS},
            bool(dag.get("catchup", False)) and not kind.endswith(NEVER_LATE),
            dag.get("end_date"),
            dag.get("start_date"),
            {task["task_id"]: {**task.get("partial_kwargs", {}), **task} for task in tasks},
            frozenset(chosen[dag["dag_id"]] if "retry_delay" in source else ()),
            frozenset((never or {}).get(dag["dag_id"], ())),
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
        again = ", ".join(name for name in self.tasks if re.fullmatch(AGAIN, name))
        calls = f" Each call of a function under @task makes a task: {again}, too." if again else ""
        return f"Directly after {FIRST} comes {after}; expected {SECOND}.{calls}"

    def apart(self) -> bool:
        """Whether no arrow leads from one of the two to the other."""
        ends = ((FIRST, SECOND), (SECOND, FIRST))
        return not any(
            end in self.tasks[start].get("downstream_task_ids", []) for start, end in ends
        )

    def no_retries(self) -> str:
        for name in (FIRST, SECOND):
            if not _number(self.tasks[name].get("retries")) > 0:
                known = "Airflow reads retries and retry_delay, no other spelling"
                other = next((word for word in MISSPELT if f'"{word}"' in self.source), "")
                hint = f" The answer has {other!r}: {known}." if other else ""
                others = [one for one in self.tasks if _number(self.tasks[one].get("retries")) > 0]
                if others and not hint:
                    hint = (
                        f" {others[0]} is: a DAG's default_args reach what is made with that DAG."
                    )
                return f"{name} is never retried; expected retries of at least 1.{hint}"
            if name in self.never:
                at_once = "its retry_policy lets it fail at once, whatever the error"
                return f"{name} is never retried: {at_once}; expected that some errors are retried."
        return next(filter(None, map(self._no_delay, (FIRST, SECOND))), "")

    def _no_delay(self, name: str) -> str:
        """Why a task that has retries is not retried after a delay that somebody chose."""
        task = self.tasks[name]
        delay = _number(task.get("retry_delay"), USUAL_DELAY)
        if delay == USUAL_DELAY and name not in self.chosen:
            return (
                f"{name} is retried, but after a delay that nobody chose; expected a retry_delay."
            )
        if task.get("retry_exponential_backoff"):  # the longest delay bounds nothing else
            delay = min(delay, _number(task.get("max_retry_delay"), delay))
        if delay < 0:
            return f"{name} has a delay of {delay:g} s before a retry; expected none below 0."
        if delay > LONGEST_DELAY:
            return f"{name} has a delay of {delay / DAY:.0f} days before a retry; expected seconds."
        deadline = _number(self.limits["dagrun_timeout"])
        if LIMITS["dagrun_timeout"] <= deadline <= delay:
            over = f"but dagrun_timeout ends the whole run after {deadline:g} s"
            return f"{name} is to be retried after {delay:g} s, {over}: it never is."
        return ""

    def unscheduled(self) -> str:
        if not self.scheduled:
            return "The DAG has no schedule: it would only ever run by hand."
        never = (
            "The DAG has a schedule by which no run is ever due: it would only ever run by hand."
        )
        return "" if self.due else never

    def kept_back(self) -> tuple[str, str]:
        """What keeps Airflow's scheduler from ever starting a task, whatever else it runs, and what
        to think about; ("", "") when nothing does."""
        # An empty task is done without a worker, and so without a slot.
        for name, task in self.tasks.items():
            if not task.get("_is_empty") and (kept := self._keeps_back(task))[0]:
                return f"{name} would never be run: {kept[0]}.", kept[1]
        return "", ""

    def _keeps_back(self, task: dict) -> tuple[str, str]:
        if (pool := task.get("pool", POOL)) != POOL:
            return (
                f"it waits for a place in the pool {pool!r}, which the file does not make",
                POOLED,
            )
        # What has too many digits for a number is too many slots as well.
        if _number(task.get("pool_slots", 1), SLOTS + 1) > SLOTS:
            return f"it asks for more than the {SLOTS} slots of the {POOL}", SLOTTED
        for limit, least in LIMITS.items():
            given = task.get(limit, self.limits[limit])
            if isinstance(given, int | float) and given < least:
                timed = limit == "dagrun_timeout"
                short = f"{limit} is {given:g}{' s' if timed else ''}, which leaves nothing to run"
                return short, TIMED if timed else LIMITED
        return "", ""

    def unordered(self) -> tuple[str, str]:
        """What to say, and to think about, where the second task began before the first ended."""
        rule = self.tasks[SECOND].get("trigger_rule", "all_success")
        if rule != "all_success" and not self.no_edge():
            waits = f"its trigger_rule {rule} does not wait until all of {FIRST} is done"
            return f"Airflow may start {SECOND} before {FIRST} has ended: {waits}.", RULED
        return f"{SECOND} ran before {FIRST}.", "Which way does the arrow between them point?"

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


def _number(value: object, otherwise: float = 0) -> float:
    """A number, or a time in seconds, as Airflow writes it; those of a mapped task have a type, and
    a text is what is too large for a number."""
    value = value.get("__var") if isinstance(value, dict) else value
    if isinstance(value, str) and value.isdecimal():
        return float(value)
    return value if isinstance(value, int | float) else otherwise
