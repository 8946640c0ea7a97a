"""The panel not alone in JupyterLab: in Notebook 7, and among others in a busy kernel."""

import sys

import lab
import pytest
from panel_page import finished, node, open_page, press, run_first_cell, says, violations
from playwright.sync_api import expect
from test_panel_browser import TRAINING

pytestmark = [pytest.mark.slow, pytest.mark.skipif(lab.CHROMIUM is None, reason=lab.WITHOUT)]

BUSY = """
from pathlib import Path
while not Path({!r}).exists():
    sum(range(10_000))
print("no longer", "busy")
"""


def test_in_notebook_7(browser, tmp_path):
    with (
        lab.server(tmp_path, sys.executable, "-m", "notebook", "--allow-root") as address,
        lab.tab(browser) as page,
    ):
        lab.write(tmp_path / "work" / "panel.ipynb", TRAINING)
        lab.visit(page, address, "panel.ipynb", "notebooks")
        run_first_cell(page)
        press(page, "Step")
        says(page, "collect", "success")
        expect(open_page(page)).to_contain_text("[0, 1, 2, 3]")
        node(page, "clean").click()
        press(page, "Inject failure")
        press(page, "Run all")
        says(page, "clean", "failed, injected failure: raise")
        says(page, "report", "upstream failed")
        press(page, "Retry")
        node(page, "clean").press("ArrowRight")
        page.keyboard.press("Enter")
        press(page, "Run all")
        finished(page, 5)
        page.get_by_role("tab", name="Log").click()
        expect(open_page(page)).to_contain_text("attempt 1")
        assert violations(page) == []
        # Notebook's own, about settings that JupyterLab has and it has not
        assert [error for error in page.errors if "reading 'schema'" not in error] == []


def test_four_panels_stay_usable_while_the_kernel_is_busy(browser, tmp_path):
    go = tmp_path / "go"
    cells = (TRAINING, *["step(training)"] * 3, BUSY.format(str(go)))
    with lab.server(tmp_path) as address, lab.tab(browser) as page:
        lab.write(tmp_path / "work" / "four.ipynb", *cells)
        lab.visit(page, address, "four.ipynb")
        page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")
        panels = page.locator(".wb-panel")
        expect(panels).to_have_count(4)
        expect(page.locator(".jp-InputPrompt", has_text="[*]")).to_be_visible()
        for number in (3, 0, 2, 1):
            panels.nth(number).get_by_role("button", name="Run all").click()
        for number in range(4):
            panel = panels.nth(number)
            expect(panel.locator(".wb-title")).to_contain_text("5 of 5 finished")
            panel.get_by_placeholder("Find a task").fill("fit")
            expect(panel.locator(".wb-found")).to_contain_text("1")
            panel.get_by_role("tab", name="Attempts").click()
            expect(panel.get_by_role("tabpanel")).to_contain_text("success")
            panel.get_by_role("slider").fill("2")
            expect(panel.locator(".wb-moment")).to_contain_text("looking back")
        assert not page.get_by_text("no longer busy").count()
        go.touch()
        expect(page.get_by_text("no longer busy")).to_be_visible()
        assert not page.errors
