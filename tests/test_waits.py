"""Sensors that wait for a time or for another DAG: one that would wait for hours is told before the
run, and every other ends."""

from datetime import UTC, datetime, timedelta

import pytest

from workbench import PipelineError, Run, graph_of, run
from workbench.engines.airflow.dated import OnDate
from workbench.engines.airflow.home import load

pytestmark = [pytest.mark.usefixtures("airflow_home"), pytest.mark.slow]

HEAD = """
from datetime import UTC, datetime, timedelta
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.providers.standard.sensors.date_time import DateTimeSensor, DateTimeSensorAsync
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
from airflow.providers.standard.sensors.filesystem import FileSensor
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.providers.standard.sensors.time import TimeSensor
from airflow.providers.standard.sensors.time_delta import TimeDeltaSensor, WaitSensor
from airflow.providers.standard.sensors.weekday import DayOfWeekSensor
from airflow.providers.standard.utils.weekday import WeekDay
from airflow.sdk import DAG, TaskGroup

LATER = datetime.now(UTC) + timedelta(hours=3)
BEFORE = datetime(2025, 1, 1, tzinfo=UTC)
OTHER_DAYS = {1, 2, 3, 4, 5, 6, 7} - {datetime.now(UTC).isoweekday(), LATER.isoweekday()}
OTHER_DAY = WeekDay(OTHER_DAYS.pop())
QUICK = {"poke_interval": 1, "timeout": 3}

"""


def dag_of(folder, code, name="waits"):
    path = folder / f"{name}.py"
    path.write_text(HEAD + code)
    return load(path)[name]


def one(sensor):
    return f'with DAG("waits", schedule=None):\n    {sensor}\n'


@pytest.mark.parametrize(
    "sensor",
    [
        "TimeDeltaSensor(task_id='wait', delta=timedelta(hours=3))",
        "TimeDeltaSensor(task_id='wait', delta=timedelta(hours=3), deferrable=True)",
        "TimeDeltaSensor(task_id='wait', delta=180)",
        "WaitSensor(task_id='wait', time_to_wait=timedelta(hours=3), timeout=1)",
        "WaitSensor(task_id='wait', time_to_wait=180, deferrable=True)",
        "DateTimeSensor(task_id='wait', target_time=LATER)",
        "DateTimeSensor(task_id='wait', target_time=LATER.isoformat())",
        "DateTimeSensor(task_id='wait', target_time='{{ data_interval_end.add(hours=3) }}')",
        "DateTimeSensorAsync(task_id='wait', target_time=LATER, timeout=1)",
        "DateTimeSensor.partial(task_id='wait', target_time=LATER).expand(doc=['a', 'b'])",
    ],
)
def test_what_would_wait_for_hours_is_told_with_the_time_before_the_run(tmp_path, sensor):
    dag = dag_of(tmp_path, one(sensor))
    until = datetime.now(UTC) + timedelta(hours=3)
    words = r"it waits until [-0-9]+ [:0-9]+ UTC, \d h \d+ min from now; give Run a stand_in"
    with pytest.raises(PipelineError, match=f"^DAG 'waits': task 'wait' [^\n]*{words}") as told:
        run(dag)
    said = datetime.fromisoformat(str(told.value).partition("until ")[2][:16]).replace(tzinfo=UTC)
    assert abs(said - until) < timedelta(minutes=30)
    execution = Run(dag, stand_in=dict.fromkeys(graph_of(dag).tasks, True))
    execution.run_all()
    assert execution.record.state == "success"


def test_a_time_of_day_and_a_day_of_the_week_that_are_far_are_told(tmp_path):
    far = dag_of(tmp_path, one("DayOfWeekSensor(task_id='wait', week_day=OTHER_DAY)"))
    with pytest.raises(PipelineError, match="it waits until .* 00:00 UTC"):
        run(far)
    code = one("TimeSensor(task_id='wait', target_time=LATER.time(), deferrable=True)")
    for task in (timed := dag_of(tmp_path, code)).tasks:
        task.target_datetime = datetime.now(UTC) + timedelta(days=3)  # also late in the evening
    with pytest.raises(PipelineError, match="UTC, 3 days from now|UTC, 2 days from now"):
        run(timed)


ENDING = """
class Own(DateTimeSensor):
    def poke(self, context):
        return True

with DAG("waits", schedule=None):
    DateTimeSensor(task_id="past", target_time=BEFORE)
    DateTimeSensorAsync(task_id="past_deferred", target_time=BEFORE)
    DateTimeSensor(task_id="words", target_time="{{ params.nothing | default(ds) }}")
    TimeDeltaSensor(task_id="soon", delta=timedelta(seconds=1), deferrable=True)
    WaitSensor(task_id="sleeps", time_to_wait=timedelta(seconds=1), deferrable=True)
    DateTimeSensor(task_id="given_up", target_time=LATER, soft_fail=True, **QUICK)
    TimeDeltaSensor(task_id="too_late", delta=timedelta(hours=3), deferrable=True, **QUICK)
    FileSensor(task_id="no_file", filepath="/nowhere/at/all", deferrable=True, **QUICK)
    FileSensor(task_id="file", filepath=__file__, deferrable=True, **QUICK)
    Own(task_id="own", target_time=LATER)
"""


def test_every_sensor_that_waits_for_seconds_ends_as_it_says(tmp_path):
    record = run(dag_of(tmp_path, ENDING))
    states = record.states()
    failed = {task for task, state in states.items() if state == "failed"}
    assert failed == {"too_late", "no_file"}, {task: record.error(task) for task in failed}
    assert states["given_up"] == "skipped"
    assert all("imeout" in record.error(task) for task in failed)
    assert set(states.values()) == {"success", "failed", "skipped"}


def test_on_a_date_of_long_ago_nothing_has_to_be_waited_for(tmp_path):
    code = one("TimeDeltaSensor(task_id='wait', delta=timedelta(hours=3))")
    assert run(OnDate(dag_of(tmp_path, code), "2025-01-01")).state == "success"


OTHERS = """
with DAG("other", schedule=None):
    with TaskGroup("group"):
        EmptyOperator(task_id="x")
    PythonSensor(task_id="fails", python_callable=lambda: 1 / 0, retries=0)

with DAG("waits", schedule=None):
    options = {{"external_dag_id": "other", "deferrable": {deferrable}, "poke_interval": 1}}
    date = "{{{{ ts }}}}"
    start = TriggerDagRunOperator(task_id="start", trigger_dag_id="other", logical_date=date)
    kinds = {{
        "task": dict(external_task_id="group.x"),
        "tasks": dict(external_task_ids=["group.x"]),
        "group": dict(external_task_group_id="group"),
        "dag": dict(allowed_states=["success", "failed"]),
        "failed": dict(external_task_id="fails", failed_states=["failed"]),
        "skipped": dict(external_task_id="fails", failed_states=["failed"], soft_fail=True),
    }}
    start >> [ExternalTaskSensor(task_id=n, **o, **options) for n, o in kinds.items()]
    ExternalTaskSensor(task_id="never", external_task_id="no_such", timeout=3, **options)
"""


@pytest.mark.parametrize("deferrable", [True, False])
def test_a_sensor_of_a_dag_that_was_triggered_ends_as_that_has(tmp_path, deferrable):
    dag = dag_of(tmp_path, OTHERS.format(deferrable=deferrable))
    record = run(dag)
    errors = {task: record.error(task) for task, state in record.states().items()}
    assert record.states() == {
        **dict.fromkeys(("start", "task", "tasks", "group", "dag"), "success"),
        **{"failed": "failed", "skipped": "skipped", "never": "failed"},
    }, errors
    assert "imeout" in errors["never"]


ENDS = """
from airflow.sdk import BaseOperator
from airflow.triggers.base import BaseTrigger, TaskFailedEvent, TaskSkippedEvent, TaskSuccessEvent

class Ends(BaseTrigger):
    def __init__(self, word):
        self.word = word

    def serialize(self):
        return "waits.Ends", {"word": self.word}

    async def run(self):
        yield {"ends": TaskSuccessEvent, "fails": TaskFailedEvent, "skips": TaskSkippedEvent}[
            self.word
        ](xcoms={"return_value": 7})

class Waits(BaseOperator):
    def execute(self, context):
        self.defer(trigger=Ends(self.task_id), method_name="never")

with DAG("waits", schedule=None):
    for name in ("ends", "fails", "skips"):
        Waits(task_id=name, retries=1) >> EmptyOperator(task_id=f"after_{name}")
"""


def test_a_trigger_may_end_its_task_itself(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    record = run(dag_of(tmp_path, ENDS))
    assert record.states() == {
        **{"ends": "success", "fails": "failed", "skips": "skipped"},
        **{"after_ends": "success", "after_fails": "upstream_failed", "after_skips": "skipped"},
    }
    assert "ends" in record.outputs
    assert record.error("fails") == "its trigger has ended it as failed"


BOTH = """
with DAG("other", schedule=None):
    EmptyOperator(task_id="x")

with DAG("waits", schedule=None):
    ExternalTaskSensor(task_id="wait", external_dag_id="other", deferrable=True, poke_interval=1)
"""


def test_a_run_of_now_cannot_wait_for_a_dag_that_ran_before_but_one_of_its_date_can(tmp_path):
    dag = dag_of(tmp_path, BOTH)
    other = load(tmp_path / "waits.py")["other"]
    run(OnDate(other, "2025-01-01"))
    with pytest.raises(PipelineError, match="give both runs the same date"):
        run(dag)
    assert run(OnDate(dag, "2025-01-01")).state == "success"
