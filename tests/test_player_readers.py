"""The page of a run as its readers have it: on a phone, dark, in their language, two at once."""

import re

import lab
import player_page
import pytest
from panel_page import button, field, node, open_page, press, says, tab_to, violations
from player_page import slider, training
from playwright.sync_api import expect
from recorded import RETRIED, recorded

pytestmark = [pytest.mark.slow, pytest.mark.skipif(lab.CHROMIUM is None, reason=lab.WITHOUT)]
opened = player_page.opened


def test_two_runs_move_together_until_they_are_let_go(opened):
    page = opened(training(), recorded(*RETRIED))
    first, second = page.get_by_role("slider").all()
    second_last = second.input_value()
    expect(page.locator(".wb-differences")).to_contain_text("What differs: 7 of 7 tasks")
    first.fill("-1")
    expect(second).to_have_value("-1")
    page.keyboard.press("Escape")
    second.fill(second_last)
    expect(first).to_have_value(str(len(training()) - 1))
    page.get_by_role("button", name="clean", exact=True).click()
    expect(page.locator(".wb-headline").first).to_contain_text("clean")
    page.get_by_label("move both together").uncheck()
    first.fill("0")
    expect(second).to_have_value(second_last)
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone(opened, scheme):
    phone = {"viewport": {"width": 360, "height": 740}, "color_scheme": scheme}
    page = opened(training(), **phone, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for task in ("collect", "publish"):
        expect(node(page, task)).to_be_in_viewport(ratio=1)
    button(page, "Back").tap()
    node(page, "fit").tap()
    expect(page.locator(".wb-headline")).to_contain_text("fit")
    assert violations(page) == []
    paper = page.locator("main").evaluate("main => getComputedStyle(main).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(28, 28, 28)"}[scheme]


def test_in_german_and_back_by_keyboard(opened):
    record = training()
    page = opened(record)
    field(page, "Language").select_option("de")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(button(page, "Schritt")).to_be_visible()
    expect(page.locator(".wb-title")).to_contain_text(
        "5 von 5 beendet · ✗ fehlgeschlagen, auf local"
    )
    expect(page.locator(".wb-headline")).to_contain_text("✗ fehlgeschlagen")
    says(page, "publish", "vorgelagerte fehlgeschlagen")
    expect(page.locator("footer")).to_contain_text("Ein aufgezeichneter Lauf")
    expect(page.get_by_role("tab")).to_have_text(
        ["Ausgabe", "Eingaben", "Empfangen", "Protokoll", "Versuche", "Warum"]
    )
    assert violations(page) == []
    press(page, "Zurück")
    expect(page.locator(".wb-moment")).to_contain_text("Ereignis")
    node(page, "clean").click()
    page.get_by_role("tab", name="Versuche").click()
    expect(open_page(page).locator("th").first).to_have_text("Versuch")
    page.get_by_role("tab", name="Warum").click()
    link = open_page(page).get_by_role("button").first
    expect(link).to_have_text(re.compile(r"Ereignis \d+"))
    expect(link).to_have_attribute("title", "Diesen Moment ansehen")
    slider(page).fill("-1")
    expect(page.locator(".wb-moment")).to_contain_text("vor dem ersten Ereignis")
    page.get_by_text("In Worten").click()
    expect(page.locator(".wb-twin")).to_contain_text("collect: ausstehend")
    expect(page.locator(".wb-twin")).to_contain_text("(nach collect)")
    for code, word in (("es", "Paso"), ("en", "Step")):
        name = "Sprache" if code == "es" else "Idioma"
        tab_to(page, name)
        field(page, name).select_option(code)
        expect(button(page, word)).to_be_visible()
        expect(page.locator(".wb-language select")).to_be_focused()
    says(page, "collect", "pending")


def test_two_runs_speak_one_language(opened):
    page = opened(training(), training())
    page.get_by_label("Language", exact=True).first.select_option("es")
    expect(page.get_by_role("button", name="Paso", exact=True)).to_have_count(2)
    expect(page.locator("html")).to_have_attribute("lang", "es")
