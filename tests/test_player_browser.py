"""A run as a page, from disk, in a browser whose network is cut."""

import lab
import pytest
from panel_page import button, field, finished, node, open_page, press, says, tab_to, violations
from playwright.sync_api import expect
from recorded import RETRIED, recorded
from test_page import HOSTILE

from workbench import Pipeline, Record, Run, start
from workbench.graph import Graph
from workbench.panel.drawn import Drawn
from workbench.panel.page import page as make_page
from workbench.panel.page import pair

pytestmark = [pytest.mark.slow, pytest.mark.skipif(lab.CHROMIUM is None, reason=lab.WITHOUT)]


def training():
    pipeline = Pipeline("training")

    @pipeline.task
    def collect(rows=4):
        print(f"collecting {rows} rows")
        return list(range(rows))

    @pipeline.task
    def clean(collect):
        return [row for row in collect if row]

    @pipeline.task
    def fit(clean):
        return {"accuracy": 0.8125, "password": "hunter2"}

    @pipeline.task
    def report(fit, clean):
        raise ValueError("accuracy is below the limit")

    @pipeline.task
    def publish(report):
        return "done"

    execution = Run(pipeline)
    execution.inject("clean", "raise once")
    execution.run_all()
    execution.retry("clean")
    execution.run_all()
    execution.close()
    return execution.record


def grown():
    """A template of which eleven instances have come, one of them failed."""
    record = Record(Graph.of("abc", [("a", "b"), ("b", "c")]), name="grown")
    names = [f"b[{number}]" for number in range(11)]
    record.append("started", "a", 0.0, 1)
    record.append("succeeded", "a", 1.0, 1)
    record.append("graph", None, 1.0, detail={"tasks": names, "edges": [], "expands": ["b"]})
    for number, name in enumerate(names):
        record.append("started", name, 1.0 + number, 1)
        record.append("failed" if number == 4 else "succeeded", name, 1.5 + number, 1)
    record.append("upstream_failed", "c", 20.0, detail="b[4] has failed")
    return record


@pytest.fixture(scope="module")
def browser():
    expect.set_options(timeout=lab.PATIENCE * 1000)
    with lab.chromium() as browser:
        yield browser


@pytest.fixture
def opened(browser, tmp_path):
    """Opens the page of a record, offline, and sees to it that nothing went wrong in it."""
    pages = []

    def opening(*records, address="", **options):
        path = tmp_path / "run.html"
        (pair if len(records) == 2 else make_page)(*records, path)
        context = lab.tab(browser, offline=True, **options)
        page = context.__enter__()
        pages.append((context, page))
        page.requests = []
        page.on("request", lambda request: page.requests.append(request.url))
        page.goto(path.as_uri() + address)
        expect(page.locator(".wb-graph g.node").first).to_be_visible()
        return page

    start(seed=7)
    yield opening
    for context, page in pages:
        errors, requests = page.errors, page.requests
        context.__exit__(None, None, None)
        assert not errors
        assert {url.partition("#")[0] for url in requests} == {(tmp_path / "run.html").as_uri()}


def slider(page):
    return page.get_by_role("slider").first


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
