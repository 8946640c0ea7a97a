"""The panel as a learner meets it, in a headless Chromium.

Once by mouse, and once by keyboard alone.
"""

import re
from urllib.parse import unquote

import lab
import pytest
from panel_page import (
    button,
    field,
    finished,
    focused,
    node,
    open_page,
    press,
    restart,
    run_first_cell,
    says,
    tab_to,
    type_button,
    violations,
)
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.skipif(lab.CHROMIUM is None, reason=lab.WITHOUT)]

TRAINING = """
from workbench import Pipeline, start, step
start(seed=7)
training = Pipeline("training")

@training.task
def collect(rows=4):
    print(f"collecting {rows} rows")
    return list(range(rows))

@training.task(retries=1)
def clean(collect):
    return [row for row in collect if row]

@training.task
def fit(clean):
    return sum(clean)

@training.task
def describe(clean):
    return {"rows": len(clean)}

@training.task
def report(fit, describe):
    return f"{fit} from {describe['rows']}"

step(training)
"""
ASIDE = """
import pathlib, time
while not pathlib.Path({!r}).exists():
    time.sleep(0.1)
print("the other cell", "has ended")
"""


@pytest.fixture
def page(browser, address, work, request):
    """A page with a panel over five tasks, and a second cell that ends when ``page.go`` exists."""
    name = f"{request.node.name}.ipynb"
    go = work / f"{request.node.name}.go"
    lab.write(work / "work" / name, TRAINING, ASIDE.format(str(go)))
    with lab.tab(browser) as page:
        page.go = go
        lab.visit(page, address, name)
        run_first_cell(page)
        yield page
        assert not page.errors


def test_by_mouse(page):  # noqa: PLR0915 - one visit, from beginning to end
    press(page, "Run all")
    finished(page, 5)
    says(page, "report", "success")
    press(page, "Reset")
    finished(page, 0)
    press(page, "Step")
    says(page, "collect", "success")
    expect(page.locator(".wb-live")).to_contain_text("collect success")
    expect(open_page(page)).to_contain_text("[0, 1, 2, 3]")
    page.get_by_role("tab", name="Log").click()
    expect(open_page(page)).to_contain_text("collecting 4 rows")

    node(page, "clean").click()
    press(page, "Inject failure")
    says(page, "clean", "pending, ready to run, injected failure: raise")
    press(page, "Run all")
    says(page, "clean", "failed, injected failure: raise")
    expect(node(page, "clean").locator("text").first).to_have_text("✗ clean")
    fill = "path => getComputedStyle(path).fill"
    assert node(page, "clean").locator("path").first.evaluate(fill) == "rgb(232, 131, 58)"
    says(page, "report", "upstream failed")
    expect(page.locator(".wb-headline")).to_contain_text("✗ failed")
    expect(page.locator(".wb-headline")).to_contain_text("InjectedFailure: injected into 'clean'")
    expect(page.locator(".wb-times .wb-attempt.state-failed")).to_have_count(2)
    assert violations(page) == []
    press(page, "Retry")
    says(page, "clean", "pending, ready to run")
    press(page, "Run all")
    finished(page, 5)

    press(page, "Back")
    says(page, "report", "pending, ready to run")
    expect(page.locator(".wb-moment")).to_contain_text("looking back")
    press(page, "Run all")
    finished(page, 5)

    page.get_by_role("tab", name="Fork").click()
    expect(field(page, "New output")).to_have_value("[1, 2, 3]")
    field(page, "New output").fill("[10]")
    press(page, "Fork and run")
    expect(open_page(page)).to_contain_text("these tasks differ: clean, fit, describe, report")
    finished(page, 5)
    field(page, "Shown").select_option("run 1")
    finished(page, 5)

    press(page, "Reset")
    node(page, "fit").click()
    field(page, "Way to fail").select_option("hang")
    press(page, "Inject failure")
    press(page, "Run all")
    says(page, "fit", "running, injected failure: hang")
    says(page, "describe", "success")
    expect(page.locator(".wb-title")).to_contain_text(re.compile(r"▶ fit for [1-9]\d* s"))
    page.evaluate("() => { jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }")
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-cell'); }")
    expect(page.locator(".jp-InputPrompt", has_text="[*]")).to_be_visible()
    press(page, "Stop")
    says(page, "fit", "failed, injected failure: hang")
    assert not page.get_by_text("the other cell has ended").count()
    page.go.touch()
    expect(page.get_by_text("the other cell has ended")).to_be_visible()

    press(page, "Retry")
    says(page, "fit", "pending, ready to run")
    press(page, "Inject failure")
    press(page, "Run all")
    says(page, "fit", "running, injected failure: hang")
    restart(page)
    press(page, "Resume")
    says(page, "clean", "success")
    says(page, "fit", "pending, ready to run")
    node(page, "fit").click()
    page.get_by_role("tab", name="Attempts").click()
    expect(open_page(page)).to_contain_text("interrupted")
    press(page, "Run all")
    finished(page, 5)
    lab.dark(page)
    assert violations(page) == []


def test_by_keyboard_alone(page):  # noqa: PLR0915 - one visit, from beginning to end
    lab.command(page, "notebook:enter-command-mode")
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused(page) == "Step":
            break
    page.keyboard.press("Space")
    says(page, "collect", "success")
    expect(button(page, "Step")).to_be_focused()
    page.keyboard.press("Enter")
    says(page, "clean", "success")
    expect(button(page, "Step")).to_be_focused()

    tab_to(page, "clean: success")
    page.keyboard.press("ArrowRight")
    assert focused(page) in ("fit: pending, ready to run", "describe: pending, ready to run")
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "clean: success"
    page.keyboard.press("End")
    assert focused(page) == "report: pending"
    page.keyboard.press("ArrowRight")
    expect(page.locator(".wb-live")).to_contain_text("nothing right of report")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".wb-headline")).to_contain_text("clean")
    expect(node(page, "clean")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".wb-graph g.node[tabindex='0']")).to_have_count(1)

    type_button(page, "Retry")
    says(page, "clean", "pending, ready to run")
    tab_to(page, "Way to fail")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    type_button(page, "Inject failure")
    type_button(page, "Run all")
    says(page, "clean", "failed, injected failure: raise")
    type_button(page, "Retry")
    says(page, "clean", "pending, ready to run")
    type_button(page, "Run all")
    finished(page, 5)
    type_button(page, "Back")
    says(page, "report", "pending, ready to run")

    tab_to(page, "Event")
    page.keyboard.press("Home")
    says(page, "collect", "pending, ready to run")
    page.keyboard.press("End")
    finished(page, 5)

    tab_to(page, "Output")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(field(page, "New output")).to_have_value("[1, 2, 3]")
    tab_to(page, "New output")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("[10]")
    tab_to(page, "Fork and run")
    page.keyboard.press("Space")
    expect(open_page(page)).to_contain_text("these tasks differ: clean, fit, describe, report")

    type_button(page, "Reset")
    finished(page, 0)
    tab_to(page, "Find a task by name")
    page.keyboard.type("desc")
    expect(page.locator(".wb-found")).to_have_text("1 of 1")
    page.keyboard.press("Enter")
    expect(page.locator(".wb-headline")).to_contain_text("describe")
    type_button(page, "Run to here")
    says(page, "describe", "success")
    says(page, "fit", "pending, ready to run")

    tab_to(page, "describe: success")
    page.keyboard.press("Home")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    tab_to(page, "Way to fail", "Shift+Tab")
    page.keyboard.press("h")
    type_button(page, "Inject failure")
    type_button(page, "Run all")
    says(page, "report", "running, injected failure: hang")
    expect(button(page, "Run all")).to_be_focused()
    page.keyboard.press("Tab")
    expect(button(page, "Stop")).to_be_focused()
    page.keyboard.press("Space")
    says(page, "report", "failed, injected failure: hang")

    type_button(page, "Retry")
    says(page, "report", "pending, ready to run")
    restart(page)
    type_button(page, "Resume")
    says(page, "fit", "success")


def test_a_stored_notebook_shows_the_picture_offline(work):
    import nbformat
    from nbclient import NotebookClient
    from nbconvert import HTMLExporter

    path = work / "still.ipynb"
    lab.write(path, TRAINING)
    notebook = nbformat.read(path, as_version=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(lab.SOURCE))
        NotebookClient(
            notebook, resources={"metadata": {"path": str(work)}}, store_widget_state=False
        ).execute()
    page, _ = HTMLExporter().from_notebook_node(notebook)
    picture = re.search(r'alt="(\d tasks [^"]+)"[^>]* src="data:image/svg\+xml,([^"]+)"', page)
    assert picture[1].endswith("all pending")
    assert "○ collect" in unquote(picture[2])
    assert "widget-view+json" not in page
