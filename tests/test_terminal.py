"""A run in the terminal, by keyboard: through Textual's pilot, and once through a real terminal."""

import asyncio
import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

import pytest
from test_cli import PIPELINE
from test_stepping_browser import THEIRS
from textual.widgets import OptionList, Static, TabbedContent

from workbench import Run, things_in
from workbench.terminal import Terminal

PATIENCE = 150  # seconds


@pytest.fixture
def terminal(training):
    run = Run(training)
    yield Terminal(run)
    run.close()


def visit(terminal, doing):
    """Do something with the terminal's pilot."""

    async def body():
        async with terminal.run_test(size=(140, 40)) as pilot:
            await doing(pilot)

    asyncio.run(body())


async def pressed(pilot, *keys):
    """Press keys, and wait until what they began has ended and can be seen."""
    await pilot.press(*keys)
    limit = time.monotonic() + PATIENCE
    while pilot.app.busy:
        assert time.monotonic() < limit
        await pilot.pause(0.05)
    pilot.app.refresh_run()
    await pilot.pause()


def lines(app):
    tasks = app.query_one(OptionList)
    return [str(tasks.get_option_at_index(n).prompt).strip() for n in range(tasks.option_count)]


def text(app, name):
    return str(app.query_one(f"#{name}", Static).render())


def test_the_graph_is_listed_and_stepped_and_gone_back_in(terminal):
    async def doing(pilot):
        app = pilot.app
        assert lines(app)[:2] == ["○ collect: pending", "○ clean: pending  ← collect"]
        await pressed(pilot, "s")
        assert lines(app)[0] == "✓ collect: success"
        assert text(app, "output-text") == "[0, 1, 2, 3]"
        await pressed(pilot, "down", "down", "h")
        assert app.task == "fit"
        assert app.execution.states["describe"] == "pending"
        await pressed(pilot, "a")
        assert app.execution.record.state == "success"
        assert "5 of 5 finished" in text(app, "title")
        await pressed(pilot, "a")
        assert app.said == "Every task has ended: Retry one, go Back, or Reset"
        await pressed(pilot, "b")
        assert "looking back at event" in text(app, "title")
        await pressed(pilot, "r")
        assert app.execution.states["fit"] == "pending"

    visit(terminal, doing)


def test_a_failure_is_injected_and_explained(terminal):
    async def doing(pilot):
        app = pilot.app
        await pressed(pilot, "down", "i", *"raise", "enter")
        assert lines(app)[1] == "○ clean: pending  [⚡ raise]  ← collect"
        await pressed(pilot, "a")
        assert lines(app)[1].startswith("✗ clean: failed")
        await pressed(pilot, "right", "right", "right", "right")
        assert app.query_one(TabbedContent).active == "why"
        assert "made to fail" in text(app, "why-text") or "inject" in text(app, "why-text")
        await pressed(pilot, "i", *"no", "enter")
        assert "'no' is no way to fail" in app.said

    visit(terminal, doing)


def test_a_value_stands_in_and_the_run_halts(terminal):
    async def doing(pilot):
        app = pilot.app
        await pressed(pilot, "down", "d", *"[9]", "enter")
        await pressed(pilot, "down", "p", *"before", "enter")
        assert "[stand-in]" in lines(app)[1]
        assert "[‖ before]" in lines(app)[2]
        await pressed(pilot, "a")
        assert "halted before fit" in text(app, "title")
        await pressed(pilot, "a")
        assert app.execution.outputs["fit"] == 9
        await pressed(pilot, "n")
        assert app.said == "fit asks nothing (tasks that ask a person: none)"

    visit(terminal, doing)


def asking_flow():
    """A flow with a pause that asks for a number."""
    from prefect import flow, pause_flow_run, task

    @task
    def double(number):
        return number * 2

    @flow
    def asking():
        return double(pause_flow_run(wait_for_input=int, key="share"))

    return asking


@pytest.mark.slow
@pytest.mark.usefixtures("prefect_server")
def test_a_flow_of_prefect_is_run_and_asks_and_is_answered():
    run = Run(asking_flow())

    async def doing(pilot):
        app = pilot.app
        await pressed(pilot, "a")
        [asks] = [line for line in lines(app) if "share[0]" in line]
        assert asks.startswith("↻ share[0]: retrying"), asks
        while app.task != "share[0]":
            await pressed(pilot, "down")
        await pressed(pilot, "n", *"many", "enter")
        assert "'share' cannot be answered with 'many'" in app.said
        assert list(run.questions) == ["share[0]"]
        await pressed(pilot, "n", *"21", "enter")
        await pressed(pilot, "a")
        assert run.record.state == "success"
        assert run.outputs["double[0]"] == 42
        assert any(line.startswith("✓ double[0]: success") for line in lines(app))

    try:
        visit(Terminal(run), doing)
    finally:
        run.close()


@pytest.mark.slow
@pytest.mark.usefixtures("airflow_home")
def test_a_dag_that_does_not_run_here_is_stood_in_halted_answered_and_explained(tmp_path):
    (tmp_path / "theirs.py").write_text(THEIRS)
    run = Run(things_in(tmp_path / "theirs.py")["theirs"], stand_in={"fetch": [7]})

    async def doing(pilot):
        app = pilot.app
        assert "[stand-in]" in lines(app)[0]
        await pressed(pilot, "d", *"[7, 8]", "enter")
        await pressed(pilot, "p", *"after", "enter")
        await pressed(pilot, "a")
        assert "halted after fetch" in text(app, "title")
        await pressed(pilot, "a")
        assert list(run.questions) == ["way"]
        await pressed(pilot, "down", "n", *"count", "enter")
        await pressed(pilot, "a")
        assert (run.outputs["count"], run.states["alarm"]) == (2, "skipped")
        while app.task != "alarm":
            await pressed(pilot, "down")
        while app.query_one(TabbedContent).active != "why":
            await pressed(pilot, "right")
        assert "way" in text(app, "why-text")

    try:
        visit(Terminal(run), doing)
    finally:
        run.close()


def screen(master, wanted, seconds=PATIENCE):
    """What a terminal is sent until ``wanted`` stands in it."""
    sent, limit = b"", time.monotonic() + seconds
    while wanted not in sent:
        assert time.monotonic() < limit, sent[-2000:]
        if select.select([master], [], [], 0.2)[0]:
            sent += os.read(master, 65536)
    return sent


@pytest.mark.slow
def test_a_file_is_stepped_in_a_real_terminal(tmp_path):
    (tmp_path / "p.py").write_text(PIPELINE)
    pid, master = pty.fork()
    if pid == 0:
        os.environ |= {"TERM": "xterm-256color", "WORKBENCH_HOME": str(tmp_path / "home")}
        os.chdir(tmp_path)
        line = [sys.executable, "-m", "workbench", "step", "p.py", "--terminal"]
        os.execv(sys.executable, line)
    try:
        fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 140, 0, 0))
        screen(master, b"0 of 2 finished")
        os.write(master, b"a")
        screen(master, b"2 of 2 finished")
        os.write(master, b"q")
        limit = time.monotonic() + PATIENCE
        while (ended := os.waitpid(pid, os.WNOHANG)) == (0, 0):
            assert time.monotonic() < limit
            if select.select([master], [], [], 0.1)[0]:
                with contextlib.suppress(OSError):  # as Linux says that nobody writes any more
                    os.read(master, 65536)
        pid = 0
        assert os.waitstatus_to_exitcode(ended[1]) == 0
    finally:
        if pid:
            os.kill(pid, signal.SIGKILL)
        os.close(master)
