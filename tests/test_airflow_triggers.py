"""Triggers that people write themselves: in the file of their DAG, and in a module beside it."""

import pytest

from workbench import run
from workbench.engines.airflow.home import load

pytestmark = [pytest.mark.usefixtures("airflow_home"), pytest.mark.slow]

TRIGGER = """
import asyncio
from airflow.triggers.base import BaseTrigger, TriggerEvent

class Countdown(BaseTrigger):
    def __init__(self, ticks):
        super().__init__()
        self.ticks = ticks

    def serialize(self):
        return f"{type(self).__module__}.{type(self).__qualname__}", {"ticks": self.ticks}

    async def run(self):
        await asyncio.sleep(0)
        yield TriggerEvent(self.ticks)
"""
DAG = """
from airflow.sdk import DAG, BaseOperator

class Job(BaseOperator):
    def execute(self, context):
        self.defer(trigger=Countdown(3), method_name="resume", kwargs={"unit": "ticks"})

    def resume(self, context, event, unit):
        return f"{event} {unit}"

with DAG("launch"):
    Job(task_id="job")
"""


@pytest.mark.parametrize("beside", [False, True])
def test_a_trigger_of_ones_own_is_waited_for(beside, tmp_path):
    (tmp_path / "ticking.py").write_text(TRIGGER)
    top = "from ticking import Countdown\n" if beside else TRIGGER
    (tmp_path / "launch.py").write_text(top + DAG)
    record = run(load(tmp_path / "launch.py")["launch"])
    assert record.outputs["job"] == "3 ticks", record.error("job")


def test_the_trigger_of_a_file_that_was_edited_is_the_new_one(tmp_path):
    path = tmp_path / "launch.py"
    path.write_text(TRIGGER + DAG)
    load(path)
    path.write_text(TRIGGER.replace("TriggerEvent(self.ticks)", "TriggerEvent('no')") + DAG)
    assert run(load(path)["launch"]).outputs["job"] == "no ticks"
