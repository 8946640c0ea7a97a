"""The pages of a class in a browser: reviewed by keyboard alone, sorted, searched, printed."""

import shutil
import threading
from contextlib import contextmanager

import lab
import pytest
from classes import BAD, GOOD, put
from panel_page import violations_in
from playwright.sync_api import expect
from test_review import DOUBTFUL, desk_of

from workbench.cohort.grading import Grading
from workbench.cohort.handins import hand_ins
from workbench.cohort.judges import Here
from workbench.feedback import learners, overview
from workbench.feedback.server import Server

pytestmark = [pytest.mark.slow, pytest.mark.skipif(lab.CHROMIUM is None, reason=lab.WITHOUT)]


KINDS = 15  # texts that are written, and judged; what more learners hand in is one of them


def a_class(root, count):
    """So many learners, and one whose file is none."""
    words = [(GOOD, BAD, DOUBTFUL)[number % 3] + f" {number}." for number in range(KINDS)]
    texts = {f"u{number:04}": words[number % KINDS] for number in range(count)}
    files = {f"learners/{learner}/1/problem_1.md": text for learner, text in texts.items()}
    files["learners/zed/1/problem_1.ipynb"] = "scribble"
    files["roster.csv"] = "id,name\n" + "".join(f"{one},Name {int(one[1:])}\n" for one in texts)
    put(root, files)
    few = [one for one in hand_ins(root) if one.learner == "zed" or int(one.learner[1:]) < KINDS]
    Grading(root, few, Here(2), seed=5).run()
    for number, learner in list(enumerate(texts))[KINDS:]:
        like = f"u{number % KINDS:04}"
        kept = (root / f"results/{like}/problem_1.json").read_text().replace(like, learner)
        put(root, {f"results/{learner}/problem_1.json": kept})
    desk = desk_of(root)
    learners.write(desk.whole)
    overview.write(desk.whole, overview.looked_for(desk.whole, hand_ins(root)))
    return root


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return a_class(tmp_path_factory.mktemp("small") / "class", 10)


@contextmanager
def served(root):
    with Server(desk_of(root)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def questions_left(page):
    return int(page.locator("#count").text_content().split(". ")[-1].split()[0])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_a_class_shuts_nobody_out(small, browser, scheme):
    for path in (small / "index.html", small / "feedback/u0001.html"):
        with lab.tab(browser, offline=True, color_scheme=scheme) as page:
            page.goto(path.as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert violations_in(page) == []
            assert page.errors == []


PHONE = {"width": 390, "height": 844}
WIDTH = "document.documentElement.scrollWidth"


def test_on_a_phone_nothing_is_wider_than_the_screen(small, browser):
    with served(small) as server, lab.tab(browser, viewport=PHONE) as page:
        for path in (small / "index.html", small / "feedback/u0001.html"):
            page.goto(path.as_uri())
            assert page.evaluate(WIDTH) <= PHONE["width"], path
        page.goto(server.address)
        expect(page.locator("#criteria button").first).to_be_visible()
        assert page.evaluate(WIDTH) <= PHONE["width"]


def test_the_page_of_a_class_is_sorted_and_searched_by_keyboard(small, browser):
    with lab.tab(browser, offline=True) as page:
        page.goto((small / "index.html").as_uri())
        title = page.locator("#everybody thead th").first
        title.locator("button").focus()
        page.keyboard.press("Enter")
        expect(title).to_have_attribute("aria-sort", "ascending")
        first = page.locator("#everybody tbody tr:visible th").first
        expect(first).to_have_text("Name 0 (u0000)")
        page.keyboard.press("Enter")
        expect(title).to_have_attribute("aria-sort", "descending")
        expect(first).to_have_text("zed")
        page.get_by_label("Find a learner").focus()
        page.keyboard.type("name 3")
        expect(first).to_have_text("Name 3 (u0003)")
        expect(page.locator("#found")).to_have_text("1 of 11")
        first.locator("a").focus()
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Name 3")
        assert page.errors == []


def test_on_paper_everything_is_open_and_afterwards_as_before(small, browser):
    with lab.tab(browser, offline=True) as page:
        page.goto((small / "index.html").as_uri())
        closed = page.locator("details:not([open])").count()
        assert closed
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("details:not([open])").count() == 0
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("details:not([open])").count() == closed


def test_a_class_is_reviewed_by_keyboard_alone(small, browser, tmp_path):
    root = shutil.copytree(small, tmp_path / "class")
    with served(root) as server, lab.tab(browser) as page:
        page.goto(server.address)
        expect(page.locator("#criteria button").first).to_be_visible()
        left = questions_left(page)
        assert left == len(server.desk.questions)
        asked = page.locator("#criteria [aria-current]")
        first = asked.text_content()
        page.keyboard.press("c")
        page.keyboard.type("yes, y and n are letters here")
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        expect(page.locator("#count")).to_contain_text(f"{left - 1} to decide")
        expect(asked).not_to_have_text(first)
        page.keyboard.press("ArrowLeft")
        expect(page.locator("#comment")).to_have_value("yes, y and n are letters here")
        expect(asked).to_contain_text("not yet")
        page.keyboard.press("u")
        expect(page.locator("#count")).to_contain_text(f"{left} to decide")
        while questions_left(page):
            before = page.locator("#count").text_content()
            page.keyboard.press("Y")
            expect(page.locator("#count")).not_to_have_text(before)
            if "Nothing" in page.locator("#count").text_content():
                break
        assert server.desk.open() == []
        page.keyboard.press("/")
        page.keyboard.type("u0001")
        page.keyboard.press("Enter")
        expect(page.locator("#who")).to_have_text("Name 1 (u0001)")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("y")
        expect(page.locator("#decided")).to_contain_text("Decided by me")
        assert page.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_to_decide_on_shuts_nobody_out(small, browser, scheme):
    with served(small) as server, lab.tab(browser, color_scheme=scheme) as page:
        page.goto(server.address)
        expect(page.locator("#criteria button").first).to_be_visible()
        page.keyboard.press("/")
        page.keyboard.type("u")
        expect(page.locator("#found li").first).to_be_visible()
        assert violations_in(page) == []


def test_it_says_so_when_nothing_listens_any_more(small, browser):
    with served(small) as server, lab.tab(browser) as page:
        page.goto(server.address)
        expect(page.locator("#criteria button").first).to_be_visible()
        page.route("**/decisions", lambda route: route.abort())
        page.keyboard.press("y")
        expect(page.locator("#status")).to_contain_text("nothing more is written")


def test_a_thousand_learners_are_sorted_found_and_reviewed(browser, tmp_path):
    root = a_class(tmp_path / "class", 1000)
    with lab.tab(browser, offline=True) as page:
        page.goto((root / "index.html").as_uri())
        expect(page.locator("#everybody tbody tr")).to_have_count(1001)
        page.locator("#everybody thead th").nth(2).locator("button").click()
        expect(page.locator("#everybody tbody td:nth-of-type(2)").first).to_have_class("missed")
        page.get_by_label("Find a learner").fill("u0777")
        expect(page.locator("#found")).to_have_text("1 of 1001")
        assert page.errors == []
    with served(root) as server, lab.tab(browser) as page:
        assert len(server.desk.questions) < 100  # equal texts once
        page.goto(server.address)
        expect(page.locator("#criteria button").first).to_be_visible()
        left = questions_left(page)
        page.keyboard.press("y")
        expect(page.locator("#count")).to_contain_text(f"{left - 1} to decide")
        assert page.errors == []
