"""Airflow's real scheduler, and its home beside other engines."""

import logging
import socket

import pytest
from airflow_dags import DAGS, in_a_row, one, rows, two

from workbench import PipelineError, Run, workspace
from workbench.engines.airflow.internals.history import history
from workbench.engines.airflow.standalone import Standalone

pytestmark = [pytest.mark.usefixtures("airflow_home"), pytest.mark.slow]


def test_airflows_handler_shows_nothing_that_another_engine_logs(monkeypatch):
    Run(in_a_row(one))  # when it is imported, Airflow replaces the handlers there are
    handler = logging.StreamHandler()
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    Run(in_a_row(one))
    records = [
        logging.LogRecord(name, logging.ERROR, "", 1, "", (), None)
        for name in ("prefect.flow_runs", "kfp.local", "mine", "airflow.models")
    ]
    shown = [record.name for record in records if handler.filter(record)]
    assert shown == ["mine", "airflow.models"]


def test_the_history_of_a_run_has_every_try_in_its_own_time():
    execution = Run(in_a_row(one, two, retries=1))
    execution.inject("one", "raise once")
    execution.run_all()
    ((run_id,),) = rows("SELECT run_id FROM dag_run")
    whole, tries = history(workspace.start() / "airflow" / "airflow.db", "row", run_id)
    assert whole.state == "success"
    assert {(each.task_id, each.map_index, each.number, each.state) for each in tries} == {
        ("one", -1, 1, "failed"),
        ("one", -1, 2, "success"),
        ("two", -1, 1, "success"),
    }
    for each in tries:
        attempt = execution.record.attempts(each.task_id)[each.number - 1]
        assert each.start - execution.epoch == pytest.approx(attempt.start, abs=1e-4)
        assert each.end - execution.epoch == pytest.approx(attempt.end, abs=1e-4)
        assert whole.start <= each.start <= each.end <= whole.end


def test_a_scheduler_that_does_not_come_up_in_time_is_a_line_and_leaves_nothing_running():
    real = Standalone([DAGS / "complete.py"], patience=0.5)
    with pytest.raises(PipelineError, match=r"the scheduler did not come within 0.5 s .*; see "):
        real.__enter__()
    assert not real.processes()


def test_the_real_scheduler_runs_the_complete_pipeline_both_ways():
    with Standalone([DAGS / "complete.py"], patience=900) as real:
        assert len(real.processes()) >= 4  # scheduler, DAG processor, triggerer and web server
        assert set(real.health().values()) == {"healthy"}
        noise, learnt = real.run("complete"), real.run("complete", signal=True)
    for record, skipped in ((noise, "register_model"), (learnt, "send_alert")):
        assert record.state == "success"
        assert record.states() == {
            **dict.fromkeys(record.graph.tasks, "success"),
            skipped: "skipped",
        }
        begun = {task: record.intervals(task)[0] for task in record.graph.tasks if task != skipped}
        assert all(
            begun[up][1] <= begun[down][0]
            for up, down in record.graph.edges
            if {up, down} <= set(begun)
        )
    assert not real.processes()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(real.address.rpartition(":")[2])), 1)
