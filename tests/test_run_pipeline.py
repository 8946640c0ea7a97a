"""Anybody's pipeline from the command line: found, run, broken, recorded, explained."""

import re

import pytest
from test_cli import PIPELINE, workbench

from workbench import Record

HANGS = PIPELINE.replace("def load(): ", "def load(rows=3): ")


@pytest.fixture(autouse=True)
def here(tmp_path):
    (tmp_path / "p.py").write_text(HANGS)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "q.py").write_text(HANGS.replace("pipeline", "other"))
    (tmp_path / "more" / "r.py").write_text(HANGS.replace("pipeline", "third"))
    (tmp_path / "more" / "broken.py").write_text("1 / 0\n")


def started(*arguments, cwd):
    done = workbench("run-pipeline", *arguments, cwd=cwd)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "source", [["p.py"], ["p.py:pipeline"], ["p:pipeline"], [".", "--name", "pipeline"]]
)
def test_one_thing_is_found_by_file_name_folder_or_module(tmp_path, source):
    code, out, _ = started(*source, cwd=tmp_path)
    assert code == 0
    assert "✓ train: success" in out
    assert out.endswith("pipeline: success (2 success)\n")


def test_a_failure_is_told_with_its_reason_and_recorded(tmp_path):
    code, out, _ = started("p.py", "--inject", "load=raise", "--record", "r.jsonl", cwd=tmp_path)
    assert code == 1
    assert "✗ load: failed: InjectedFailure: injected into 'load'" in out
    assert "on purpose: 'raise' was injected (event 0)." in out
    assert Record.load(tmp_path / "r.jsonl").state == "failed"
    told = workbench("why", "r.jsonl", "train", cwd=tmp_path)
    assert re.fullmatch(
        r"train could not run \(event \d+\): load failed \(event \d+\).\n", told.stdout
    )


def test_a_task_alone_and_a_run_parameter(tmp_path):
    (tmp_path / "s.py").write_text(HANGS.replace("return 1", "return rows"))
    arguments = ("--task", "load", "--set", "rows=7", "--record", "r.jsonl")
    code, out, _ = started("s.py", *arguments, cwd=tmp_path)
    assert (code, "1 success, 1 pending" in out) == (0, True)
    assert Record.load(tmp_path / "r.jsonl").parameters == {"rows": 7}


def test_what_hangs_is_ended(tmp_path):
    code, out, _ = started("p.py", "--inject", "load=hang", "--limit", "1", cwd=tmp_path)
    assert code == 1
    assert "it was stopped while it ran" in out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["more"], "2 things are in it, choose by --name: other, third"),
        (["more", "--name", "nix"], "there is no 'nix' in it (there is: other, third)"),
        (["nowhere"], "nowhere: no such file"),
        (["p:nix"], "p:nix: AttributeError"),
        (["p.py", "--inject", "load"], "--inject load: write it with an equals sign"),
        (["p.py", "--inject", "load=tickle"], "'tickle' is no way to fail"),
        (["p.py", "--inject", "lod=raise"], "'lod' is not a task"),
        (["p.py", "--task", "lod"], "'lod' is not a task"),
        (["p.py", "--set", "row=1"], "row"),
        (["p.py", "--date", "2024-01-01"], "a run of 'p' has no logical date"),
        (["p.py", "--record", "no/r.jsonl"], "no: no such folder; --record is the file that"),
    ],
)
def test_what_cannot_be_run_is_refused_in_a_line(tmp_path, arguments, words):
    code, _, err = started(*arguments, cwd=tmp_path)
    assert code == 2
    assert err.count("\n") == 1
    assert words in err


DATED = """
from datetime import datetime
from airflow.sdk import DAG, task

with DAG("old", schedule="@daily", start_date=datetime(2020, 1, 1), end_date=datetime(2021, 1, 1)):
    @task
    def day(ds=None):
        print("it is", ds)
        assert ds == "2020-05-05"
    day()
"""


@pytest.mark.slow
def test_a_dag_whose_dates_are_over_runs_of_a_date_that_is_given(tmp_path):
    (tmp_path / "d.py").write_text(DATED)
    code, _, err = started("d.py", cwd=tmp_path)
    assert (code, "its end_date 2021-01-01 has passed" in err) == (2, True)
    code, _, err = started("d.py", "--date", "May", cwd=tmp_path)
    assert (code, "'May' is no date; write it like 2024-05-31" in err) == (2, True)
    code, out, err = started("d.py", "--date", "2020-05-05", cwd=tmp_path)
    assert (code, "✓ day: success" in out) == (0, True), out + err


def test_what_stands_in_for_a_task_is_given(tmp_path):
    (tmp_path / "b.py").write_text(PIPELINE.replace("def load(): ", "def load(): 1 / 0; "))
    assert started("b.py", cwd=tmp_path)[0] == 1
    code, out, err = started("b.py", "--stand-in", "load=[7, 8]", cwd=tmp_path)
    assert (code, "✓ train: success" in out) == (0, True), out + err
    code, _, err = started("b.py", "--stand-in", "lood=1", cwd=tmp_path)
    assert (code, "lood" in err, len(err.splitlines())) == (2, True, 1), err


ASKS = """
from airflow.providers.standard.operators.hitl import HITLBranchOperator
from airflow.sdk import DAG, task
with DAG("asks", schedule=None):
    way = HITLBranchOperator(task_id="way", subject="Which?", options=["left", "right"])
    @task
    def left(): return 1
    @task
    def right(): return 2
    way >> [left(), right()]
"""


@pytest.mark.slow
def test_a_task_that_asks_a_person_is_answered_or_refused(tmp_path):
    (tmp_path / "asks.py").write_text(ASKS)
    code, _, err = started("asks.py", cwd=tmp_path)
    wanted = "task 'way' waits for a person (left, right); give the answer by --answer way=VALUE"
    assert (code, wanted in err) == (2, True), err
    code, out, err = started("asks.py", "--answer", "way=right", cwd=tmp_path)
    assert (code, "✓ right: success" in out, "⤼ left: skipped" in out) == (0, True, True), out + err
