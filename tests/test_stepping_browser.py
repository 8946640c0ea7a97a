"""`workbench step FOLDER`: one of a folder of files is chosen, and its panel opened and used."""

import sys

import lab
import pytest
from panel_page import node, press, says
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


def test_the_panel_opens_on_a_compiled_pipeline_and_runs_it(tmp_path):
    (tmp_path / "said.yaml").write_text(YAML)
    command = [sys.executable, "-B", "-m", "workbench", "step", str(tmp_path / "said.yaml")]
    with (
        lab.server(tmp_path, *command) as address,
        lab.chromium() as browser,
        lab.tab(browser) as page,
    ):
        lab.visit(page, address, "said.yaml.ipynb")
        page.evaluate("() => { jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }")
        lab.command(page, "notebook:run-cell")
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
        page.evaluate("() => { jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }")
        lab.command(page, "notebook:run-cell")
        expect(page.locator(".wb-graph g.node")).to_have_count(2)
        press(page, "Step")
        says(page, "load", "success")
        node(page, "train").click()
        press(page, "Run to here")
        says(page, "train", "success")
    printed = (tmp_path / "lab.log").read_text()
    assert "broken.py" in printed
    assert sorted(folder.rglob("*")) == before
