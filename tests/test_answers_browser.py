"""Problem 1 as a learner answers it in JupyterLab, said and shown, by keyboard alone."""

import json
import shutil
from pathlib import Path

import lab
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(lab.CHROMIUM is None, reason=lab.WITHOUT)]

ROOT = Path(__file__).parent.parent
CASES = json.loads((ROOT / "tests/answers/problem_1/shown.json").read_text(encoding="utf-8"))
WORDS = (
    "Nodes are tasks and edges are dependencies, each pointing from one task to the next. "
    "There are no cycles. The order follows from the edges. "
    "After a failure only the failed task is rerun."
)


@pytest.fixture
def page(tmp_path):
    (tmp_path / "work").mkdir()
    shutil.copy(ROOT / "exercises/problem_1.ipynb", tmp_path / "work")
    with lab.server(tmp_path) as address, lab.chromium() as browser, lab.tab(browser) as page:
        lab.visit(page, address, "problem_1.ipynb")
        lab.command(page, "notebook:enter-command-mode")
        yield page


def run_down_to(page, first_line):
    """Run cell after cell until one that begins with this line is the chosen one."""
    chosen = page.locator(".jp-Notebook-cell.jp-mod-selected")
    for _ in range(20):
        if chosen.locator(".cm-line").first.text_content() == first_line:
            return chosen
        before = chosen.element_handle()
        page.keyboard.press("Shift+Enter")
        page.wait_for_function("cell => !cell.matches('.jp-mod-selected')", arg=before)
    raise AssertionError(f"no cell begins with {first_line}")


def answer(page, first_line, text):
    """Replace an answer, run it, and return its report."""
    cell = run_down_to(page, first_line).element_handle()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type(f"{first_line}\n{text}")
    page.keyboard.press("Shift+Enter")
    cell.wait_for_selector(".jp-OutputArea-output table")
    return cell.inner_text()


def test_problem_1_is_said_and_shown_by_keyboard_alone(page):
    report = answer(page, "%%answer problem_1", WORDS)
    assert "✓ problem_1: passed" in report
    assert "you may show it, too" in report
    report = answer(page, "%%answer problem_1.show", CASES[0]["text"])
    assert "✓ problem_1: passed" in report
    assert report.count("You have shown it, too: your ") == 4
    assert "You have shown it: your together ('merge_prices', 'rank_items')" in report
    assert "2. together: Finished: clean_text" in page.locator(".jp-Notebook").inner_text()
    assert page.errors == []
