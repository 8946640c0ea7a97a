"""The session's Prefect server: replaced when it dies, polite about ports, gone at the end."""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import urllib.request
from pathlib import Path

import pytest
from prefect_flows import numbers

from workbench import PipelineError, Run

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.slow]


def test_a_server_that_is_killed_during_a_run_is_replaced_and_the_run_ends_well(
    tmp_path, prefect_server
):
    sums = Run(numbers()[0], folder=tmp_path)
    sums.step()
    first = prefect_server.pid
    os.kill(first, signal.SIGKILL)
    sums.run_all()
    assert sums.record.state == "success"
    assert prefect_server.pid != first
    with urllib.request.urlopen(prefect_server.url() + "/health", timeout=60) as answer:
        assert json.load(answer) is True
    sums.close()


def test_a_port_that_is_taken_is_left_alone(tmp_path):
    from workbench.engines.prefect.server import Server

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        started = Server(tmp_path, port=taken)
        assert started.port not in (0, taken)
        started.close()


def test_a_home_that_cannot_be_written_is_named(tmp_path):
    from workbench.engines.prefect.server import Server

    (tmp_path / "file").write_text("")
    started = Server(tmp_path / "file" / "prefect")
    with pytest.raises(PipelineError, match="needs a folder to write to"):
        started.url()
    started.close()


def test_migrations_that_fail_leave_no_template_behind(tmp_path, monkeypatch):
    from workbench.engines.prefect import internals, serving

    monkeypatch.setattr(internals, "migrate", lambda database: os._exit(1))
    with pytest.raises(RuntimeError, match="migrations have failed"):
        serving.empty_database(tmp_path / "template.db")
    assert not (tmp_path / "template.db").exists()


def test_two_notebooks_at_once_have_a_server_each_and_leave_none_behind(tmp_path):
    program = textwrap.dedent("""
        from workbench import run, start
        start(seed=1)
        from prefect import flow, task
        @task
        def one(): return 1
        @flow
        def small(): return one()
        assert run(small).state == "success"
        from workbench.engines.prefect.server import server
        print(server().port, server().pid)
    """)
    (tmp_path / "notebook.py").write_text(program)
    source = str(Path(__file__).parents[1] / "src")
    environment = {**os.environ, "WORKBENCH_HOME": str(tmp_path), "PYTHONPATH": source}
    environment = {
        name: value for name, value in environment.items() if not name.startswith("PREFECT_")
    }
    both = [
        subprocess.Popen(
            [sys.executable, "notebook.py"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    printed = [process.communicate(timeout=300)[0].split() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    (port, pid), (other_port, other_pid) = printed
    assert port != other_port
    for number in (pid, other_pid):
        with pytest.raises(ProcessLookupError):
            os.kill(int(number), 0)
