"""A DAG and the day that its runs are of."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from workbench.graph import PipelineError


@dataclass(frozen=True)
class OnDate:
    """A DAG whose runs have this logical date, as one of a backfill has; ``date`` is written in ISO
    form, like 2025-01-01 or 2025-01-01T02:00. Without it a run has the moment at which it began."""

    dag: Any
    date: str

    @property
    def moment(self) -> datetime:
        """The date, in UTC unless it says otherwise; raise PipelineError for what is none."""
        try:
            moment = datetime.fromisoformat(self.date)
        except (TypeError, ValueError):
            raise PipelineError(f"{self.date!r} is no date; write it like 2024-05-31") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def beside(moment: datetime, dag_id: str, session: Any) -> datetime:
    """The date of a copy (a fork, a run that goes on): Airflow has one run of each date, so that
    those of one day are microseconds apart."""
    from airflow.models.dagrun import DagRun

    while session.query(DagRun).filter_by(dag_id=dag_id, logical_date=moment).first():
        moment += timedelta(microseconds=1)
    return moment


def runs_of(cron: str, first: datetime, until: datetime, catchup: bool) -> list[datetime]:
    """When Airflow would start the runs of a DAG whose schedule is this cron line, read in UTC,
    and whose start date is ``first``; the last one no later than ``until``."""
    from airflow.timetables.base import TimeRestriction
    from airflow.timetables.trigger import CronTriggerTimetable

    timetable = CronTriggerTimetable(cron, timezone="UTC")
    limits, last, moments = TimeRestriction(first, until, catchup), None, []
    while run := timetable.next_dagrun_info(last_automated_data_interval=last, restriction=limits):
        moments.append(run.logical_date)
        last = run.data_interval
    return moments
