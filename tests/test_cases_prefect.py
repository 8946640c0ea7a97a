"""Flows as people write them: scripts that run, serve or deploy what they define."""

import os

import pytest

from workbench import PipelineError, Run, graph_of, run, start, things_in
from workbench.engines import outside

pytestmark = pytest.mark.slow

SCRIPT = """\
import multiprocessing
from prefect import flow, task

@task
def one():
    return 1

def square(number):
    return number * number

@flow
def sums():
    from neighbour_of_a_script import TWO

    with multiprocessing.get_context("fork").Pool(1) as pool:
        return sum(pool.map(square, [one(), TWO]))

"""
ENDS = {  # what a script does in the end, which would run it, or never end
    "calls its flow": "sums()",
    "calls a task": "one()",
    "sends a task to a worker": "one.delay()",
    "serves its flow": "sums.serve()",
    "serves several": "from prefect import serve\nserve(sums.to_deployment('daily'))",
    "serves tasks": "one.serve()",
    "deploys its flow": "sums.deploy('daily', work_pool_name='pool', image='image')",
    "runs it in a loop": "import asyncio\nasync def main(): sums()\nasyncio.run(main())",
    "goes on in spite of errors": "try: sums()\nexcept Exception: 1 / 0",
}


@pytest.mark.parametrize("end", ENDS)
def test_a_script_is_read_until_it_would_run(end, tmp_path, prefect_server):
    start()
    (tmp_path / "neighbour_of_a_script.py").write_text("TWO = 2")
    path = tmp_path / "a_script.py"
    path.write_text(SCRIPT + ENDS[end] + "\nraise SystemExit('it went on')\n")
    assert set(things_in(path)) == {"sums"}


def test_what_it_defines_runs_with_its_neighbours_and_may_be_pickled(tmp_path):
    (tmp_path / "neighbour_of_a_script.py").write_text("TWO = 2")
    path = tmp_path / "a_script.py"
    path.write_text(f"{SCRIPT}sums()\n")
    record = run(things_in(path)["sums"])
    assert record.state == "success"
    assert record.events[-1].detail["returned"] == "5"


NEEDY = """\
import json
from pathlib import Path
from prefect import flow, task
from prefect.blocks.core import Block
from prefect.blocks.system import Secret
from prefect.deployments import run_deployment
from prefect.input import receive_input

@task
def seen():
    return absent

@task
def imported():
    import nothing_of_the_kind
    return 1

@task
def other():
    return Secret.load("other-than-there").get()

@flow
def named():
    seen()

@flow
def packaged():
    return imported()

@flow
def secret():
    return Secret.load("nowhere").get()

@flow
def secret_of_a_task():
    return other()

@flow
def deployed():
    run_deployment("nobodys/daily")

@flow
def configured():
    return json.loads(Path("config-of-nobody.json").read_text())

@task
def fetched(url):
    import httpx
    return httpx.get(f"{url}/data").json()

@flow
def fetching(url: str = "https://nowhere.invalid"):
    return fetched(url)

@flow
async def listening():
    async for said in receive_input(str, timeout=None, with_metadata=True):
        print(said)

@flow
async def able_to_listen():
    said = receive_input(str, timeout=None)
    return said.timeout

@flow
def saved():
    Secret(value="s").save("its-own", overwrite=True)
    assert Block.load("secret/its-own")
    return len(Secret.load("its-own").get())

@flow
def perhaps(asked: bool = False):
    if asked:
        seen(), imported(), other()
    return "done"
"""
LACKING = {
    "named": "flow 'named': task 'seen' names absent, which its file does not define",
    "packaged": "flow 'packaged': task 'imported' imports nothing_of_the_kind, which is not inst",
    "secret": "flow 'secret': asks for the Secret block 'nowhere', which this session's server",
    "secret_of_a_task": "task 'other' asks for the Secret block 'other-than-there', which this",
    "configured": "flow 'configured': opens config-of-nobody.json, which does not lie in /",
    "fetching": "flow 'fetching': task 'fetched' asks nowhere.invalid, a name that is not found",
    "listening": "flow 'listening': waits without end (receive_input with timeout=None) for",
    "deployed": "flow 'deployed': asks for the deployment 'nobodys/daily', which this session's",
}


@pytest.fixture
def needy(tmp_path, prefect_server, monkeypatch):
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(outside, "PATIENCE", 120)
    start()
    path = tmp_path / "needy_flows.py"
    path.write_text(NEEDY)
    return things_in(path)


@pytest.mark.parametrize("flow", LACKING)
def test_what_a_flow_is_sure_to_lack_is_told_before_it_runs(flow, needy):
    assert graph_of(needy[flow])
    with pytest.raises(PipelineError) as error:
        Run(needy[flow])
    assert LACKING[flow] in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("flow", ["saved", "perhaps", "able_to_listen"])
def test_what_it_may_do_without_or_brings_itself_is_no_hindrance(flow, needy):
    assert run(needy[flow]).state == "success"


def test_a_stand_in_makes_up_for_what_a_task_lacks(needy):
    execution = Run(needy["packaged"], stand_in={"imported": 3})
    execution.run_all()
    execution.close()
    assert (execution.record.state, execution.engine.returned()) == ("success", 3)


METHODS = """\
from prefect import flow, task

class Training:
    rows = 3

    def __init__(self, rows=2):
        self.rows = rows

    @flow
    def of_an_object(self, more: int = 1):
        return self.rows + more

    @flow
    @classmethod
    def of_the_class(cls):
        return cls.rows

    @flow
    @staticmethod
    def of_neither():
        return "plain"

class Needing:
    def __init__(self, rows):
        self.rows = rows

    @flow
    def of_an_object(self):
        return self.rows
"""


def test_flows_that_are_methods_run_on_an_object_that_is_made_of_nothing(tmp_path, prefect_server):
    start()
    (tmp_path / "flows_as_methods.py").write_text(METHODS)
    things = things_in(tmp_path / "flows_as_methods.py")
    needing = things.pop("Needing.of_an_object")
    returned = {}
    for name, thing in things.items():
        record = run(thing)
        returned[name] = (record.state, record.events[-1].detail["returned"])
    assert returned == {
        "Training.of_an_object": ("success", "3"),
        "Training.of_the_class": ("success", "3"),
        "Training.of_neither": ("success", "'plain'"),
    }
    assert run(things["Training.of_an_object"], more=5).events[-1].detail["returned"] == "7"
    with pytest.raises(PipelineError, match="is a method, and its class needs arguments"):
        Run(needing)


AUTOMATED = """\
import anyio
from prefect import flow
from prefect.automations import Automation
from prefect.events import Event, get_events_client, get_events_subscriber
from prefect.events.actions import DoNothing
from prefect.events.filters import EventFilter, EventNameFilter
from prefect.events.schemas.automations import EventTrigger

@flow
async def automated():
    trigger = EventTrigger(expect=["sent.by.a.flow"], threshold=1, within=0)
    automation = Automation(name="when sent", trigger=trigger, actions=[DoNothing()])
    automation = await automation.acreate()
    wanted = EventFilter(event=EventNameFilter(name=["prefect.automation.triggered"]))
    async with get_events_subscriber(filter=wanted) as subscriber:
        with anyio.fail_after(120):
            while True:  # what is sent before the service has read of the automation triggers none
                async with get_events_client() as client:
                    resource = {"prefect.resource.id": "a.flow"}
                    await client.emit(Event(event="sent.by.a.flow", resource=resource))
                with anyio.move_on_after(1):
                    async for event in subscriber:
                        return event.resource.id == f"prefect.automation.{automation.id}"
"""


def test_the_local_server_triggers_automations(tmp_path, prefect_server):
    start()
    (tmp_path / "automated_flow.py").write_text(AUTOMATED)
    record = run(things_in(tmp_path / "automated_flow.py")["automated"])
    assert (record.state, record.events[-1].detail.get("returned")) == ("success", "True")
