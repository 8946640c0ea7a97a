"""Flows as people write them: scripts that run, serve or deploy what they define."""

import pytest

from workbench import run, start, things_in

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
