"""What a learner does with the panel in a browser page, and what the page says."""

import lab
from playwright.sync_api import expect


def run_first_cell(page):
    page.evaluate("() => { jupyterapp.shell.currentWidget.content.activeCellIndex = 0; }")
    lab.command(page, "notebook:run-cell")
    expect(page.locator(".wb-graph g.node")).to_have_count(5)


def restart(page):
    context = "jupyterapp.shell.currentWidget.sessionContext"
    page.evaluate(f"async () => {{ await {context}.session.kernel.restart(); }}")
    lab.command(page, "notebook:clear-all-cell-outputs")
    run_first_cell(page)


def button(page, name):
    return page.locator(".wb-panel").get_by_role("button", name=name, exact=True)


def field(page, name):
    return page.locator(".wb-panel").get_by_label(name, exact=True)


def open_page(page):
    """What the open tab holds; JupyterLab has panels of its own around it."""
    return page.locator(".wb-panel").get_by_role("tabpanel")


def press(page, name):
    button(page, name).click()


def node(page, task):
    return page.locator(f".wb-graph g.node[data-task='{task}']")


def says(page, task, words):
    expect(node(page, task)).to_have_attribute("aria-label", f"{task}: {words}")


def finished(page, count):
    expect(page.locator(".wb-title")).to_contain_text(f"{count} of 5 finished")


def violations(page):
    """What axe finds serious in the panel."""
    return violations_in(page, ".wb-panel")


def violations_in(page, part="body"):
    """What axe finds serious in this part of a page."""
    from axe_playwright_python.sync_playwright import Axe

    return [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in Axe().run(page, context=part).response["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def focused(page):
    """The name of what has the focus."""
    return page.evaluate(
        """() => { const here = document.activeElement;
        return here.getAttribute('aria-label') || here.labels?.[0]?.textContent
            || here.textContent.trim(); }"""
    )


def tab_to(page, name, key="Tab"):
    for _ in range(40):
        if focused(page).startswith(name):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{name} cannot be reached by {key}; the last stop is {focused(page)!r}")


def type_button(page, name):
    """Go to a button of the toolbar by Tab and press it."""
    expect(button(page, name)).to_be_enabled()
    key = "Shift+Tab"
    for _ in range(45):
        if page.evaluate("() => document.activeElement.textContent.trim()") == name:
            page.keyboard.press("Space")
            return
        page.keyboard.press(key)
        if page.evaluate("() => !document.activeElement.closest('.wb-panel')"):
            key = "Tab"
    raise AssertionError(f"{name} cannot be reached by keyboard")
