"""A run as a page, from disk, in a browser whose network is cut: each control, each moment."""

import lab
import player_page
import pytest
from panel_page import button, field, finished, node, open_page, press, says, tab_to, violations
from player_page import grown, slider, training
from playwright.sync_api import expect
from recorded import RETRIED, recorded
from test_page import HOSTILE

from workbench import Pipeline, Record, Run
from workbench.graph import Graph
from workbench.panel.drawn import Drawn
from workbench.picture import icon

pytestmark = [pytest.mark.slow, pytest.mark.skipif(lab.CHROMIUM is None, reason=lab.WITHOUT)]
opened = player_page.opened


def test_by_mouse(opened):
    record = training()
    page = opened(record)
    expect(slider(page)).to_have_value(str(len(record) - 1))
    expect(page.locator(".wb-headline")).to_contain_text("report")
    expect(page.locator(".wb-headline")).to_contain_text("ValueError: accuracy is below the limit")
    expect(open_page(page)).to_contain_text("Traceback")
    says(page, "publish", "upstream failed")
    assert violations(page) == []

    press(page, "Back")
    expect(slider(page)).to_have_value(str(len(record) - 2))
    press(page, "Step")
    expect(slider(page)).to_have_value(str(len(record) - 1))
    node(page, "fit").click()
    page.get_by_role("tab", name="Output").click()
    expect(open_page(page)).to_contain_text("0.8125")
    expect(open_page(page)).not_to_contain_text("hunter2")
    page.get_by_role("tab", name="Inputs").click()
    expect(open_page(page)).to_contain_text("[1, 2, 3]")
    node(page, "clean").click()
    page.get_by_role("tab", name="Attempts").click()
    expect(open_page(page)).to_contain_text("InjectedFailure")
    expect(open_page(page).locator("tbody tr")).to_have_count(2)

    slider(page).fill("-1")
    finished(page, 0)
    expect(page.locator(".wb-moment")).to_contain_text("before the first event")
    expect(open_page(page)).to_contain_text("No attempt yet")
    field(page, "Speed").select_option("20 events a second")
    press(page, "Play")
    expect(slider(page)).to_have_value(str(len(record) - 1))
    finished(page, 5)
    press(page, "Play")  # again, from the beginning
    press(page, "Pause")
    expect(button(page, "Play")).to_be_enabled()
    page.get_by_text("In words").click()
    expect(page.locator(".wb-twin li")).to_have_count(5)
    assert violations(page) == []


def test_by_keyboard_alone(opened):
    record = training()
    page = opened(record)
    page.keyboard.press("Home")
    finished(page, 0)
    page.keyboard.press("ArrowRight")
    expect(slider(page)).to_have_value("0")
    page.keyboard.press("End")
    finished(page, 5)
    page.keyboard.press("Space")
    expect(button(page, "Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(button(page, "Play")).to_be_visible()
    tab_to(page, "Back")
    tab_to(page, "Event")
    page.keyboard.press("Home")
    finished(page, 0)
    page.keyboard.press("End")
    finished(page, 5)
    page.keyboard.press("ArrowLeft")
    expect(slider(page)).to_have_value(str(len(record) - 2))
    tab_to(page, "Find a task by name", "Shift+Tab")
    page.keyboard.type("fit")
    page.keyboard.press("Enter")
    expect(page.locator(".wb-headline")).to_contain_text("fit")
    tab_to(page, "fit: ")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator(".wb-headline")).to_contain_text("clean")
    tab_to(page, "Log")
    page.keyboard.press("Home")
    expect(open_page(page)).to_contain_text("[1, 2, 3]")
    page.keyboard.press("End")
    expect(open_page(page)).to_contain_text("clean succeeded")
    page.keyboard.press("ArrowLeft")
    expect(open_page(page)).to_contain_text("InjectedFailure")
    tab_to(page, "In words")
    page.keyboard.press("Enter")
    expect(page.locator(".wb-twin")).to_contain_text("clean: success (after collect)")


def test_the_address_leads_into_a_moment_and_says_where_we_stand(opened):
    record = training()
    page = opened(record, address="#event=3&task=fit")
    expect(slider(page)).to_have_value("3")
    expect(page.locator(".wb-headline")).to_contain_text("fit")
    page.evaluate("location.hash = '#event=5&task=clean'")
    expect(slider(page)).to_have_value("5")
    press(page, "Step")
    page.wait_for_function("() => location.hash.startsWith('#event=6&')")
    for odd in ("#event=99999", "#event=x&task=nobody", "#task=%E0%A4%A", "#__proto__=1"):
        page.evaluate("hash => { location.hash = hash; }", odd)
    expect(slider(page)).to_have_value(str(len(record) - 1))


@pytest.mark.parametrize("make", [training, grown, lambda: recorded(*RETRIED)])
def test_every_moment_is_as_the_record_has_it(opened, make):
    record = make()
    page, drawn = opened(record), Drawn(record)
    for seq in range(-1, len(record)):
        page.evaluate("seq => player.go(seq)", seq)
        shown = page.evaluate("player.model.get('states')")
        assert shown == drawn.states(record.states(seq)), seq
        whole = record.replay(record.events[: seq + 1]).state
        note = page.evaluate("player.model.get('title').note")
        assert note == f"{icon(whole)} {whole}, on local", seq
        task = page.evaluate("player.model.get('headline').task")
        assert page.evaluate("player.model.get('headline').error") == record.error(task, seq)


def test_an_instance_is_chosen_by_name(opened):
    page = opened(grown())
    says(page, "b", "failed, 10 success, 1 failed")
    field(page, "Instance").select_option("b[0]")
    expect(page.locator(".wb-headline")).to_contain_text("✓ success")


def test_no_text_of_a_run_is_run(opened):
    pipeline = Pipeline(HOSTILE)

    @pipeline.task(name=f"first {HOSTILE}")
    def first(word=HOSTILE):
        print(HOSTILE)
        return {HOSTILE: HOSTILE}

    @pipeline.task(name="second", after=[f"first {HOSTILE}"])
    def second():
        raise ValueError(HOSTILE)

    execution = Run(pipeline)
    execution.run_all()
    page = opened(execution.record)
    page.get_by_text("In words").click()
    for task in range(2):
        page.locator(".wb-graph g.node").nth(task).click()
        for tab in ("Output", "Inputs", "Log", "Attempts"):
            page.get_by_role("tab", name=tab).click()
    assert page.locator("img, script:not(#run)").count() == 1
    expect(page.locator(".wb-title")).to_contain_text(HOSTILE)


def many():
    """Forty tasks, always two at once, of which one in seven fails at first."""
    names = [f"task_{number}" for number in range(40)]
    record = Record(Graph.of(names, [(names[0], name) for name in names[1:]]), name="many")
    for number, name in enumerate(names):
        record.append("started", name, float(number), 1)
        record.append("retrying" if number % 7 == 6 else "succeeded", name, number + 1.5, 1)
    return record


def test_many_tasks_stand_in_lanes_that_can_be_clicked(opened):
    page = opened(many())
    lanes = page.locator("canvas.wb-lanes")
    expect(page.locator(".wb-times")).to_contain_text("2 lanes")
    box = lanes.bounding_box()
    second = 40.5 / box["width"]
    lanes.click(position={"x": 30.7 / second, "y": 8})
    expect(page.locator(".wb-headline")).to_contain_text("task_30")
    lanes.click(position={"x": 13.5 / second, "y": 30})
    expect(page.locator(".wb-headline")).to_contain_text("task_13")
    expect(lanes).to_have_attribute("title", "task_13, attempt 1: failed, 1.500 s")
    painted = """canvas => {
      const { width, height } = canvas;
      const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
      return data.filter((_, byte) => byte % 4 === 3).filter(Boolean).length / width / height;
    }"""
    assert 0.5 < lanes.evaluate(painted) < 0.9
    slider(page).fill("-1")
    expect(page.locator(".wb-moment")).to_contain_text("before the first event")
    page.wait_for_function("() => !player.model.get('states').includes('success')")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert lanes.evaluate(painted) == 0
