"""What a sensor waits for, as far as that is known before its run: the time until which it will
wait, and whether a run of another DAG can be there at all. A run would go on for hours otherwise,
where nobody sits in front of it for as long."""

import contextlib
import inspect
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from workbench.engines.airflow.internals import dags

LONG = 600  # seconds that a run may wait for a time
PATIENCE = 60  # seconds that a sensor may wait in vain for another DAG, as its author has chosen
_NEVER = datetime.max.replace(tzinfo=UTC)
_OURS = "airflow.providers.standard.sensors."  # what its author has not written anew
_INSTEAD = "; give Run a stand_in for the task"


@dataclass(frozen=True)
class Coming:
    """A run that is about to begin, of the scheduler's view of a DAG: its logical ``date`` if
    somebody has chosen one, and the ids of the DAGs that its tasks trigger."""

    dag: Any
    date: datetime | None
    triggered: Collection[str]

    def context(self) -> dict[str, Any]:
        """The times that a template may name."""
        moment = dags.moment(self.date or datetime.now(UTC))
        interval = self.dag.timetable.infer_manual_data_interval(run_after=moment)
        return {
            "logical_date": moment,
            "data_interval_start": dags.moment(interval.start),
            "data_interval_end": dags.moment(interval.end),
            "ds": f"{moment:%Y-%m-%d}",
        }


def in_vain(task: Any, arguments: Mapping[str, Any], coming: Coming, session: Any) -> str:
    """Why a task would wait for long, in words; empty where it does not, or nobody can know."""
    kind = task.operator_class if task.is_mapped else type(task)
    names = [base.__name__ for base in kind.__mro__]
    if "ExternalTaskSensor" in names:
        return _for_a_dag(arguments, coming, session)
    with contextlib.suppress(Exception):  # of values that its author has written
        until = _until(kind, names, task, arguments, coming)
        now = datetime.now(UTC)
        if until and (until - now).total_seconds() > LONG:
            hours, minutes = divmod(int((until - now).total_seconds()) // 60, 60)
            left = f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24} days"
            return f"it waits until {until:%Y-%m-%d %H:%M} UTC, {left} from now{_INSTEAD}"
    return ""


def _for_a_dag(arguments: Mapping[str, Any], coming: Coming, session: Any) -> str:
    """A run that begins now has a date that no run has which it has not triggered itself."""
    other = arguments.get("external_dag_id")
    seconds = _seconds(arguments.get("timeout"))
    if not isinstance(other, str) or "{" in other or (seconds is not None and seconds <= PATIENCE):
        return ""
    if not dags.knows(other, session):
        return f"it waits for a run of DAG {other!r}, and nothing here starts one{_INSTEAD}"
    computed = coming.date or arguments.get("execution_date_fn")
    if computed or other == coming.dag.dag_id or other in coming.triggered:
        return ""
    told = f"it waits for a run of DAG {other!r} of the moment at which its own run begins"
    return f"{told}; give both runs the same date, or give Run a stand_in for the task"


def _until(
    kind: type, names: list[str], task: Any, arguments: Mapping[str, Any], coming: Coming
) -> datetime | None:
    """When it will have waited enough, or be timed out; None for what is no sensor of times."""
    own = [inspect.getattr_static(kind, name) for name in ("execute", "poke")]
    if not all(one.__module__.startswith((_OURS, "airflow.sdk.")) for one in own):
        return None
    now = datetime.now(UTC)
    deferred = arguments.get("deferrable") or "DateTimeSensorAsync" in names
    limit = _seconds(arguments.get("timeout"))
    if "TimeSensor" in names:
        due, limited = arguments["target_datetime"], not deferred
    elif "DateTimeSensor" in names:
        due, limited = _date(arguments["target_time"], task, coming), not deferred
    elif "TimeDeltaSensor" in names:
        end = coming.context()["data_interval_end"]
        due, limited = end + _delta(arguments["delta"]), True
    elif "WaitSensor" in names:
        due, limited = now + _delta(arguments["time_to_wait"]), False
    elif "DayOfWeekSensor" in names:
        due, limited = _weekday(arguments, now, coming), True
    else:
        return None
    allowed = [limit] if limited else []  # None where a mapped one has what is usual, a week
    if not deferred and arguments.get("mode") == "poke":
        allowed.append(_seconds(arguments.get("execution_timeout")))
    return min([due, *(now + timedelta(seconds=one) for one in allowed if one is not None)])


def _date(value: Any, task: Any, coming: Coming) -> datetime:
    if isinstance(value, str):
        value = task.render_template(value, coming.context()) if "{" in value else value
        value = datetime.fromisoformat(str(value))
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _weekday(arguments: Mapping[str, Any], now: datetime, coming: Coming) -> datetime:
    """The beginning of the next day that it takes; of a run's own day none follows."""
    wanted = arguments["_week_day_num"]
    if arguments.get("use_task_logical_date"):
        return now if coming.context()["logical_date"].isoweekday() in wanted else _NEVER
    days = (now + timedelta(days=number) for number in range(8))
    day = next(day for day in days if day.isoweekday() in wanted)
    return max(now, datetime.combine(day, time(), UTC))


def _delta(value: Any) -> timedelta:
    return value if isinstance(value, timedelta) else timedelta(minutes=int(value))


def _seconds(value: Any) -> float | None:
    return value.total_seconds() if isinstance(value, timedelta) else value
