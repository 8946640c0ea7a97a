"""What is written into the panel's forms, in a headless Chromium: by keyboard where one writes."""

import lab
import pytest
from panel_page import button, field, finished, node, press, run_first_cell, says, violations
from playwright.sync_api import expect
from test_panel_browser import TRAINING
from test_people import DEPLOY

pytestmark = [pytest.mark.slow, pytest.mark.skipif(lab.CHROMIUM is None, reason=lab.WITHOUT)]

ASKING = f"""
from pathlib import Path
from workbench import start, step, things_in
start(seed=7)
Path("asking.py").write_text({DEPLOY!r})
step(things_in("asking.py")["asked"])
"""
PAUSED = """
from prefect import flow, pause_flow_run, task
from prefect.input import RunInput

class Limits(RunInput):
    rows: int = 5
    name: str

@task
def count(rows):
    return rows * 2

@flow
def paused():
    limits = pause_flow_run(wait_for_input=Limits)
    return count(limits.rows)
"""
PAUSING = f"""
from pathlib import Path
from workbench import start, step, things_in
start(seed=7)
Path("paused.py").write_text({PAUSED!r})
step(things_in("paused.py")["paused"])
"""


def choose(page, task):
    node(page, task).click()
    expect(page.locator(".wb-headline strong")).to_have_text(task)


def write(page, name, text):
    field(page, name).fill(text)
    field(page, name).press("Enter")


def test_a_value_stands_in_and_the_run_halts_and_is_watched(browser, address, work):
    lab.write(work / "work" / "steered.ipynb", TRAINING)
    with lab.tab(browser) as page:
        lab.visit(page, address, "steered.ipynb")
        run_first_cell(page)
        choose(page, "fit")
        page.get_by_role("tab", name="Steer").click()
        write(page, "Value that stands in", "{'sum': 3}")
        expect(page.locator(".wb-steer")).to_contain_text("In its place stands: {'sum': 3}")
        says(page, "fit", "pending, stand-in")
        choose(page, "describe")
        field(page, "Halt the run").select_option("before")
        says(page, "describe", "pending, halts the run: before")
        expect(node(page, "describe").locator(".wb-flash")).to_have_text("‖")
        page.get_by_text("Run until, and watch").click()
        write(page, "Expression over outputs", "len(clean)")
        press(page, "Run all")
        expect(page.locator(".wb-title")).to_contain_text("halted before describe")
        expect(page.locator(".wb-live")).to_contain_text("halted before describe")
        expect(page.locator(".wb-along tr")).to_contain_text("3")
        write(page, "Condition over outputs", "describe['rows'] == 3")
        expect(page.locator(".wb-title")).to_contain_text("halted until the condition held")
        press(page, "Run all")
        finished(page, 5)
        choose(page, "fit")
        press(page, "Let it run itself")
        expect(button(page, "Use its last output")).to_be_visible()
        says(page, "fit", "success")
        press(page, "Figures")
        expect(node(page, "collect").locator(".wb-figure")).to_contain_text("%")
        expect(page.locator(".wb-measured")).to_contain_text("Longest path: collect → clean")
        page.get_by_text("In words").click()
        expect(page.locator(".wb-twin li").first).to_contain_text("on the longest path")
        assert violations(page) == []
        lab.dark(page)
        assert violations(page) == []
        assert not page.errors


def test_a_task_asks_and_is_answered_by_keyboard(browser, address, work):
    lab.write(work / "work" / "asking.ipynb", ASKING)
    with lab.tab(browser) as page:
        lab.visit(page, address, "asking.ipynb")
        lab.command(page, "notebook:run-cell")
        expect(page.locator(".wb-graph g.node")).to_have_count(4)
        press(page, "Run all")
        says(page, "rows", "retrying, waits for an answer")
        expect(page.locator(".wb-question")).to_contain_text("rows asks: How many?")
        assert violations(page) == []
        write(page, "rows", "0")
        expect(page.locator(".wb-message")).to_contain_text("minimum")
        write(page, "rows", "8")
        expect(page.locator(".wb-question")).to_have_count(0)
        press(page, "Run all")
        expect(page.locator(".wb-question")).to_contain_text("way asks: Which?")
        field(page, "right").check()
        field(page, "right").press("Enter")
        expect(page.locator(".wb-question")).to_have_count(0)
        press(page, "Run all")
        says(page, "left", "skipped")
        says(page, "right", "success")
        assert not page.errors


def test_a_pause_of_prefect_is_answered_in_its_form(browser, address, work):
    lab.write(work / "work" / "pausing.ipynb", PAUSING)
    with lab.tab(browser) as page:
        lab.visit(page, address, "pausing.ipynb")
        lab.command(page, "notebook:run-cell")
        expect(page.locator(".wb-graph g.node")).to_have_count(1)
        press(page, "Run all")
        says(page, "pause[0]", "retrying, waits for an answer")
        write(page, "rows", "many")
        expect(page.locator(".wb-message")).to_contain_text("rows")
        field(page, "rows").fill("8")
        write(page, "name", "ada")
        expect(page.locator(".wb-question")).to_have_count(0)
        press(page, "Run all")
        says(page, "count[0]", "success")
        assert violations(page) == []
        assert not page.errors
