"""`workbench step FOLDER`: one of a folder of files is chosen, and its panel opened and used."""

import sys

import lab
import pytest
from panel_page import field, node, open_page, press, says, violations
from playwright.sync_api import expect
from test_cli import PIPELINE

pytestmark = [pytest.mark.slow, pytest.mark.skipif(lab.CHROMIUM is None, reason=lab.WITHOUT)]


YAML = """
components:
  comp-say:
    executorLabel: exec-say
    outputDefinitions: {parameters: {Output: {parameterType: STRING}}}
deploymentSpec:
  executors:
    exec-say:
      container:
        image: alpine
        command: [sh, -c, 'printf hello > "$0"']
        args: ["{{$.outputs.parameters['Output'].output_file}}"]
pipelineInfo: {name: said}
root:
  dag:
    tasks:
      say: {componentRef: {name: comp-say}, taskInfo: {name: say}}
      again: {componentRef: {name: comp-say}, dependentTasks: [say], taskInfo: {name: again}}
schemaVersion: 2.1.0
"""


THEIRS = """
from datetime import datetime
from airflow import DAG
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator
from airflow.providers.standard.operators.hitl import HITLBranchOperator
from airflow.providers.standard.operators.python import PythonOperator

def count(ti):
    return len(ti.xcom_pull(task_ids="fetch"))

with DAG("theirs", start_date=datetime(2023, 1, 1), schedule="@daily", catchup=True):
    fetch = SnowflakeOperator(task_id="fetch", snowflake_conn_id="warehouse", sql="select 1")
    way = HITLBranchOperator(task_id="way", subject="Which?", options=["count", "alarm"])
    ways = [PythonOperator(task_id=name, python_callable=count) for name in way.options]
    fetch >> way >> ways
"""


def open_panel(page):
    page.evaluate("() => { jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }")
    lab.command(page, "notebook:run-cell")


def test_the_panel_opens_on_a_compiled_pipeline_and_runs_it(tmp_path):
    (tmp_path / "said.yaml").write_text(YAML)
    command = [sys.executable, "-B", "-m", "workbench", "step", str(tmp_path / "said.yaml")]
    with (
        lab.server(tmp_path, *command) as address,
        lab.chromium() as browser,
        lab.tab(browser) as page,
    ):
        lab.visit(page, address, "said.yaml.ipynb")
        open_panel(page)
        expect(page.locator(".wb-graph g.node")).to_have_count(2)
        press(page, "Run all")
        says(page, "again", "success")
        assert not page.errors


def test_the_panel_opens_on_one_of_a_folder_and_steps_it(tmp_path):
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "one.py").write_text(PIPELINE)
    (folder / "two.py").write_text(PIPELINE.replace("pipeline", "other"))
    (folder / "broken.py").write_text("from workbench import Pipeline\n1 / 0\n")
    before = sorted(folder.rglob("*"))
    command = [sys.executable, "-B", "-m", "workbench", "step", str(folder), "--name", "other"]
    with (
        lab.server(tmp_path, *command) as address,
        lab.chromium() as browser,
        lab.tab(browser) as page,
    ):
        lab.visit(page, address, "other.ipynb")
        open_panel(page)
        expect(page.locator(".wb-graph g.node")).to_have_count(2)
        press(page, "Step")
        says(page, "load", "success")
        node(page, "train").click()
        press(page, "Run to here")
        says(page, "train", "success")
    printed = (tmp_path / "lab.log").read_text()
    assert "broken.py" in printed
    assert sorted(folder.rglob("*")) == before


def test_a_dag_that_does_not_run_here_is_stood_in_halted_answered_and_explained(tmp_path):
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "theirs.py").write_text(THEIRS)
    (folder / "package.json").write_text("{}")
    expect.set_options(timeout=lab.PATIENCE * 1000)
    command = [sys.executable, "-B", "-m", "workbench", "step", str(folder), "--name", "theirs"]
    with (
        lab.server(tmp_path, *command) as address,
        lab.chromium() as browser,
        lab.tab(browser) as page,
    ):
        lab.visit(page, address, "theirs.ipynb")
        open_panel(page)
        refused = page.locator(".jp-OutputArea-output", has_text="task 'fetch' cannot run")
        expect(refused).to_contain_text("apache-airflow-providers-snowflake, which is not")
        cell = "jupyterapp.shell.currentWidget.content.widgets[1].model.sharedModel"
        given = "source.replace('step(thing)', 'step(thing, stand_in={\\'fetch\\': [7, 8]})')"
        page.evaluate(f"() => {{ const {{source}} = {cell}; {cell}.setSource({given}); }}")
        open_panel(page)
        expect(page.locator(".wb-graph g.node")).to_have_count(4)
        says(page, "fetch", "pending, ready to run, stand-in")
        node(page, "fetch").click()
        page.get_by_role("tab", name="Steer").click()
        field(page, "Halt the run").select_option("after")
        press(page, "Run all")
        expect(page.locator(".wb-title")).to_contain_text("halted after fetch")
        press(page, "Run all")
        expect(page.locator(".wb-question")).to_contain_text("way asks: Which?")
        field(page, "count").check()
        field(page, "count").press("Enter")
        expect(page.locator(".wb-question")).to_have_count(0)
        press(page, "Run all")
        says(page, "count", "success")
        says(page, "alarm", "skipped")
        node(page, "alarm").click()
        page.get_by_role("tab", name="Why").click()
        expect(open_page(page)).to_contain_text("way")
        assert violations(page) == []
    assert "other files, which hold no pipeline: 1" in (tmp_path / "lab.log").read_text()
