"""The widget's module under the rules of hosts that are not here: VS Code, Colab and marimo.

Anywidget's contract is a single ES module whose default export renders, given a model with six
methods. Hosts differ in how they import it, in what they let a page ask for, in where an element
lies, and in what a listener is told.
"""

import re

import lab
import pytest
from panel_page import button, node, press
from playwright.sync_api import expect

from workbench import Run, panel
from workbench.panel import assets
from workbench.panel.view import View

SCRIPT, STYLE = assets.script(*assets.WIDGET), assets.style()
ADDRESS = "http://host.test/"
NOTHING_ELSE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
HOSTS = {  # how the module is imported, where its element lies, what a listener is told, the policy
    "VS Code": ("blob", "page", "three", f"{NOTHING_ELSE}; script-src 'unsafe-eval' blob:"),
    "Colab": ("blob", "page", "three", f"{NOTHING_ELSE}; script-src blob:; sandbox allow-scripts"),
    "marimo": ("data", "shadow", "value", f"{NOTHING_ELSE}; script-src data:"),
}
HOST = """async ({ script, style, state, imported, place, told }) => {
    const text = new Blob([script], { type: "text/javascript" });
    const coded = `data:text/javascript;charset=utf-8,${encodeURIComponent(script)}`;
    const module = await import(imported === "blob" ? URL.createObjectURL(text) : coded);
    const heard = new Map();
    const methods = {
        get: (name) => state[name],
        set: (name, value) => host.change({ [name]: value }),
        save_changes: () => {},
        on: (event, hear) => heard.set(event, [...(heard.get(event) ?? []), hear]),
        off: (event, hear) => heard.set(event, heard.get(event).filter((other) => other !== hear)),
        send: (message) => { host.sent.push(message); },
    };
    const model = new Proxy(methods, {
        get(target, name) {
            if (!Object.hasOwn(target, name)) throw new Error(`no model has ${String(name)}`);
            return target[name];
        },
    });
    window.host = {
        sent: [],
        exports: Object.keys(module),
        members: Object.keys(module.default),
        listening: () => [...heard.values()].flat().length,
        change(values) {
            Object.assign(state, values);
            for (const [name, value] of Object.entries(values))
                for (const hear of heard.get(`change:${name}`) ?? [])
                    told === "three" ? hear(model, value, {}) : hear(value);
        },
    };
    const outer = document.body.appendChild(document.createElement("div"));
    const root = place === "shadow" ? outer.attachShadow({ mode: "open" }) : outer;
    const el = document.createElement("div");
    root.append(Object.assign(document.createElement("style"), { textContent: style }), el);
    host.end = await module.default.render({ model, el });
}"""


def test_the_module_is_one_text_that_imports_nothing_and_exports_one_thing():
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", SCRIPT, flags=re.S)
    assert re.findall(r"\bimport\b", code) == []
    assert re.findall(r"^export .*", code, re.M) == ["export default { render };"]


@pytest.mark.parametrize(
    "word", ["fetch", "XMLHttpRequest", "WebSocket", "require", "eval", "parent", "localStorage"]
)
def test_the_module_asks_nothing_of_its_host(word):
    assert not re.search(rf"(?<![\w.\"'-]){word}\b(?=[\s]*[.(])", SCRIPT)


def test_the_style_is_a_text_that_asks_for_nothing_and_means_only_the_panel():
    assert View._css == STYLE
    assert not re.search(r"url\(|@import|@font-face", STYLE)
    selectors = re.findall(r"^([^\s@}/][^{]*)\{", STYLE, re.M)
    assert selectors
    assert [one for one in selectors if not one.startswith(".wb-")] == []


@pytest.fixture
def hosted(browser, training):
    """A page of one host, with the panel of a run in it; whatever else is asked for is told."""
    tabs = []

    def hosting(imported, place, told, policy):
        shown = panel.Panel(Run(training))
        state = {name: value for name, value in shown.get_state().items() if name[0] != "_"}
        state = {name: state[name] for name in state if name not in ("layout", "tooltip")}
        shown.close()
        tabs.append(lab.tab(browser))
        page = tabs[-1].__enter__()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        headers = {"Content-Security-Policy": policy, "Content-Type": "text/html"}
        page.route("**/*", lambda route: route.fulfill(headers=headers, body="<!doctype html>"))
        page.goto(ADDRESS)
        given = {"script": SCRIPT, "style": STYLE, "state": state}
        page.evaluate(HOST, {**given, "imported": imported, "place": place, "told": told})
        return page

    yield hosting
    for tab in tabs:
        tab.__exit__(None, None, None)


@pytest.mark.slow
@pytest.mark.skipif(lab.CHROMIUM is None, reason=lab.WITHOUT)
@pytest.mark.parametrize("host", HOSTS)
def test_the_panel_works_by_the_rules_of(hosted, host):
    page = hosted(*HOSTS[host])
    assert page.evaluate("[host.exports, host.members]") == [["default"], ["render"]]
    expect(page.locator(".wb-graph g.node")).to_have_count(5)
    press(page, "Step")
    assert page.evaluate("host.sent") == [{"press": "Step"}]
    page.evaluate("host.change({ states: ['running', ...Array(4).fill('pending')] })")
    expect(node(page, "collect")).to_have_class(re.compile("state-running"))
    node(page, "clean").click()
    assert page.evaluate("host.sent.at(-1)") == {"select": "clean"}
    language = page.get_by_label("Language", exact=True)
    language.focus()
    language.select_option("de")
    expect(button(page, "Schritt")).to_be_visible()
    expect(page.locator(".wb-language select")).to_be_focused()
    page.evaluate("host.end()")
    assert page.evaluate("host.listening()") == 0
    assert not page.errors
    assert [url for url in page.asked if not url.startswith((ADDRESS, "blob:", "data:"))] == []
