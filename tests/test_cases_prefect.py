"""Flows as people write them: scripts that run, serve or deploy what they define."""

import pytest

from workbench import PipelineError, Run, graph_of, run, start, things_in

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
from prefect import flow, task
from prefect.blocks.core import Block
from prefect.blocks.system import Secret
from prefect.deployments import run_deployment

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
    "deployed": "flow 'deployed': asks for the deployment 'nobodys/daily', which this session's",
}


@pytest.fixture
def needy(tmp_path, prefect_server):
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


@pytest.mark.parametrize("flow", ["saved", "perhaps"])
def test_what_it_may_do_without_or_brings_itself_is_no_hindrance(flow, needy):
    assert run(needy[flow]).state == "success"


def test_a_stand_in_makes_up_for_what_a_task_lacks(needy):
    execution = Run(needy["packaged"], stand_in={"imported": 3})
    execution.run_all()
    execution.close()
    assert (execution.record.state, execution.engine.returned()) == ("success", 3)
