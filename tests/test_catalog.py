"""What is in anybody's files: a row each, whatever one of them does; and one of it opened."""

import os
import sys
from pathlib import Path

import nbformat
import pytest
from test_cli import PIPELINE, workbench

from workbench import PipelineError, Run, things_in
from workbench.catalog import listing
from workbench.catalog.finding import chosen
from workbench.catalog.listing import entries, files_in
from workbench.catalog.opening import notebook_of

FLOW = """
from prefect import flow, task

@task
def one():
    return 1

@flow
def {name}(rows: int = 1):
    return one()
"""
DAGS = """
from datetime import datetime
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

with DAG("nightly", schedule="@daily", start_date=datetime(2024, 1, 1)):
    EmptyOperator(task_id="a") >> EmptyOperator(task_id="b")

with DAG("by_hand", schedule=None):
    EmptyOperator(task_id="a")
"""
NEEDS = PIPELINE.replace("def load():", "def load(rows):")


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "dags"
    (root / "team").mkdir(parents=True)
    (root / ".hidden").mkdir()
    files = {
        "a.py": PIPELINE,
        "team/needs.py": NEEDS.replace("pipeline", "needy"),
        "broken.py": "from workbench import Pipeline\n1 / 0\n",
        "exits.py": "from workbench import Pipeline\nimport os\nos._exit(3)\n",
        "helper.py": "def answer():\n    return 42\n",
        "nothing.py": "from workbench import Pipeline\nprint('hello')\n",
        "syntax.py": "from workbench import Pipeline\ndef (:\n",
        ".hidden/b.py": PIPELINE,
        "z.py": PIPELINE.replace("pipeline", "last"),
    }
    for name, text in files.items():
        (root / name).write_text(text)
    return root


def rows(folder):
    return {(row.label(folder), row.name): row for row in entries(files_in(folder)[0])}


def test_each_thing_has_a_row_and_each_file_that_cannot_be_read_one_too(folder):
    listed = rows(folder)
    assert [key for key, row in listed.items() if not row.error] == [
        ("a.py", "pipeline"),
        ("team/needs.py", "needy"),
        ("z.py", "last"),
    ]
    assert {key[0]: row.trouble(folder) for key, row in listed.items() if row.error} == {
        "broken.py": "broken.py, line 2: ZeroDivisionError: division by zero",
        "exits.py": "exits.py: ends the process that reads it",
        "nothing.py": listed["nothing.py", ""].trouble(folder),
        "syntax.py": "syntax.py, line 2: SyntaxError: invalid syntax (syntax.py, line 2)",
    }
    row = listed["team/needs.py", "needy"]
    assert (row.engine, row.tasks, row.schedule) == ("plain Python", 2, "")
    assert "rows" in row.missing
    assert listed["a.py", "pipeline"].missing == ""


def test_a_file_that_does_not_end_costs_its_row(folder, monkeypatch):
    monkeypatch.setattr(listing, "LIMIT", 3.0)
    (folder / "b.py").write_text("from workbench import Pipeline\nwhile True: pass\n")
    files = [folder / name for name in ("a.py", "b.py", "z.py")]
    told = [(row.name, row.trouble(folder)) for row in entries(files)]
    assert told[0][0] == "pipeline"
    assert told[1] == ("", "b.py: is not read after 3 s")
    assert told[2][0] == "last"


def test_what_a_file_prints_or_asks_does_not_mix_with_its_rows(tmp_path):
    chatty = "import os, sys\nprint('x'); os.write(1, b'[]'); sys.stdin.read()\n"
    (tmp_path / "c.py").write_text(chatty + PIPELINE)
    (tmp_path / "d.py").write_text(PIPELINE)
    assert [row.name for row in entries(files_in(tmp_path)[0])] == ["pipeline", "pipeline"]


@pytest.mark.slow
def test_assets_are_a_schedule_by_name_and_a_plugin_is_told_from_a_file_without_a_dag(tmp_path):
    (tmp_path / "waits.py").write_text(
        "from airflow.providers.standard.operators.empty import EmptyOperator\n"
        "from airflow.sdk import DAG, Asset\n\n"
        "one, two, three = (Asset(n, uri=f's3://b/{n}') for n in ('one', 'two', 'three'))\n"
        "many = [Asset(f'orders-of-{n}') for n in range(20)]\n"
        "asked = {'either': (one & two) | three, 'both': [one, two], 'many': many}\n"
        "for name, assets in asked.items():\n"
        "    with DAG(name, schedule=assets):\n"
        "        EmptyOperator(task_id='a')\n"
    )
    (tmp_path / "mine.py").write_text(
        "from airflow.plugins_manager import AirflowPlugin\n\n\n"
        "class Mine(AirflowPlugin):\n    name = 'mine'\n"
    )
    rows = list(entries(files_in(tmp_path)[0]))
    listed = {row.name: row.schedule for row in rows}
    assert (listed["either"], listed["both"]) == ("(one & two) | three", "one & two")
    assert (listed["many"][-1], len(listed["many"])) == ("…", 60)
    assert [row.error for row in rows if row.error] == [
        "mine.py: a plugin of Airflow's, which DAGs use, and no DAG in it"
    ]


@pytest.mark.slow
def test_dags_flows_and_records_have_rows_with_what_is_theirs(tmp_path):
    (tmp_path / "dags.py").write_text(DAGS)
    (tmp_path / "flow.py").write_text(FLOW.format(name="plain"))
    (tmp_path / "needs.py").write_text(FLOW.format(name="needs").replace(" = 1", ""))
    (tmp_path / "p.py").write_text(PIPELINE)
    run = Run(things_in("p.py")["pipeline"])
    run.run_all()
    run.close()
    saved = run.record.save(tmp_path / "r.jsonl")
    listed = {row.name: row for row in entries([*files_in(tmp_path)[0], saved])}
    assert (listed["nightly"].schedule, listed["nightly"].tasks) == ("@daily", 2)
    assert (listed["by_hand"].schedule, listed["by_hand"].missing) == ("", "")
    assert listed["plain"].engine == "Prefect"
    assert (listed["plain"].tasks, listed["plain"].missing) == (None, "")
    assert "rows" in listed["needs"].missing
    assert (listed["r.jsonl"].engine, listed["r.jsonl"].tasks) == ("local, a record", 2)


def test_one_of_a_folder_is_chosen_and_what_could_not_be_read_is_told(folder):
    choice = chosen(str(folder), "last")
    assert (choice.name, choice.file) == ("last", folder / "z.py")
    with pytest.raises(
        PipelineError, match=r"3 things are in it.*pipeline, .*; not read: "
    ) as all_:
        chosen(str(folder))
    assert "broken.py, line 2: ZeroDivisionError" in str(all_.value)
    assert "and 1 more" in str(all_.value)


@pytest.mark.parametrize("source", ["dags/a.py", "dags", "a:pipeline", "r.jsonl"])
def test_the_notebook_made_for_a_thing_opens_it(tmp_path, folder, source, monkeypatch):
    (tmp_path / "a.py").write_text(PIPELINE)
    run = Run(things_in("a.py")["pipeline"], tmp_path / "r")
    run.run_all()
    run.close()
    run.record.save(tmp_path / "r.jsonl")
    monkeypatch.chdir(tmp_path)
    name = "pipeline" if source == "dags" else None
    page = notebook_of(source, name, tmp_path / "pages")
    assert page == notebook_of(source, name, tmp_path / "pages")
    [code] = [cell for cell in nbformat.read(page, 4).cells if cell.cell_type == "code"]
    *lines, last = code.source.splitlines()
    names = {}
    monkeypatch.setattr(sys, "path", list(sys.path))
    exec("\n".join(lines), names)
    shown = eval(last, names)
    assert shown.__class__.__name__ == ("HTML" if source == "r.jsonl" else "Panel")
    sys.modules.pop("a", None)


def test_what_stands_in_is_written_into_the_notebook(tmp_path, folder):
    page = notebook_of(str(folder / "a.py"), None, tmp_path, {"load": [1, "a"]})
    assert (
        nbformat.read(page, 4).cells[1].source.endswith("step(thing, stand_in={'load': [1, 'a']})")
    )


@pytest.mark.slow
def test_the_list_is_printed_and_nothing_is_opened(folder):
    done = workbench("step", folder, "--list", env={"COLUMNS": "200", "HOME": str(folder)})
    assert done.returncode == 0, done.stderr
    for words in ("pipeline", "needy", "team/needs.py", "broken.py, line 2: ZeroDivisionError"):
        assert words in done.stdout
    assert done.stdout.endswith("other files, which hold no pipeline: 1\n")
    refused = workbench("step", folder, cwd=folder)
    assert (refused.returncode, refused.stderr) == (
        2,
        "workbench: 3 things are in it, choose by --name\n",
    )
    nothing = workbench("step", folder / "broken.py", "--list", cwd=folder)
    assert nothing.returncode == 2
    assert nothing.stderr.endswith("broken.py: nothing in it can be run\n")


def test_a_folder_is_searched_without_what_is_no_pipeline(folder):
    files, others = files_in(folder)
    names = [path.relative_to(folder).as_posix() for path in files]
    assert "helper.py" not in names
    assert ".hidden/b.py" not in names
    assert Path("team/needs.py").as_posix() in names
    assert others == 1


STRANGE = {  # neither of these is anybody's pipeline
    "package.json": '{"name": "site", "version": "1.0.0"}',
    "rows.json": "[1, 2, 3]",
    "compose.yaml": "services:\n  db: {image: postgres}\n",
    "deployment.yml": "apiVersion: apps/v1\nkind: Deployment\n",
    "half.json": '{"name": ',
}
BROKEN = {  # and each of these was to be one
    "machine.json": '{"StartAt": "a", "States": {"a": {"Type": ',
    "empty.asl.json": "",
    "flow.yaml": "kind: Workflow\nspec: {entrypoint: nowhere, templates: []}\n",
    "compiled.yaml": "pipelineInfo: {name: p}\ndeploymentSpec: {}\n",
}


def test_files_of_data_are_counted_and_a_broken_pipeline_has_its_row(tmp_path):
    for name, text in {**STRANGE, **BROKEN, "a.py": PIPELINE}.items():
        (tmp_path / name).write_text(text)
    files, others = files_in(tmp_path)
    assert {file.name for file in files} == {*BROKEN, "a.py"}
    assert others == len(STRANGE)
    listed = rows(tmp_path)
    assert {name for name, row in listed.items() if row.error} == {(name, name) for name in BROKEN}
    assert chosen(str(tmp_path)).name == "pipeline"


@pytest.mark.slow
def test_dags_are_listed_before_airflow_has_a_database_and_those_that_ask_it_too(tmp_path):
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags/plain.py").write_text(DAGS)
    asking = "from airflow.models import DagRun\nfrom airflow.utils.session import create_session\n"
    asking += "with create_session() as session:\n    session.query(DagRun).count()\n"
    home = {"COLUMNS": "200", "WORKBENCH_HOME": str(tmp_path / "home"), "WORKBENCH_TEMPLATES": ""}
    done = workbench("step", tmp_path / "dags", "--list", env=home)
    assert ("nightly" in done.stdout, "by_hand" in done.stdout) == (True, True), done.stderr
    assert not list((tmp_path / "home").rglob("airflow*.db"))
    (tmp_path / "dags/asking.py").write_text(asking + DAGS.replace("nightly", "asked"))
    done = workbench("step", tmp_path / "dags", "--list", env=home)
    assert "asked" in done.stdout, done.stderr
    assert list((tmp_path / "home").rglob("airflow*.db"))


ASKING = """
from prefect import flow
from prefect.variables import Variable
Variable.set("fruit", "apple", overwrite=True)

@flow
def greet():
    return Variable.get("fruit")
"""


def test_a_script_that_asks_prefects_api_at_its_top_starts_no_server_for_a_list(tmp_path):
    (tmp_path / "asks.py").write_text(ASKING)
    [row] = entries(files_in(tmp_path)[0])
    assert row.error.endswith(
        "asks.py, line 4: asks Prefect's API while it is read, and a list starts no server for "
        "that; give `workbench step` this file alone, or ask in the flow"
    )


@pytest.mark.slow
def test_read_to_be_run_it_is_answered_by_the_sessions_server(tmp_path, prefect_server):
    from workbench.engines.prefect import internals

    (tmp_path / "asks.py").write_text(ASKING)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PREFECT_API_URL")
        internals.reread_settings()
        execution = Run(things_in(tmp_path / "asks.py")["greet"])
        execution.run_all()
        assert execution.record.state == "success"
        assert os.environ["PREFECT_API_URL"] == f"{prefect_server.ui}/api"
        assert "PREFECT_SERVER_EPHEMERAL_ENABLED" not in os.environ
