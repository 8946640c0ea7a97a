"""The course as a site in a browser whose network is cut: from disk, and under a path prefix."""

import functools
import http.server
import re
import shutil
import subprocess
import sys
import threading
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import lab
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

ROOT = Path(__file__).parent.parent
pytestmark = [pytest.mark.slow, pytest.mark.skipif(lab.CHROMIUM is None, reason=lab.WITHOUT)]
START = 300_000  # bytes of the start page, before fonts


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The whole course as it is stored, the start notebook executed."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "notebooks", folder / "copies")
    workbench = [sys.executable, "-m", "workbench"]
    executed = ["run", "notebooks/0-start-here.ipynb", "--acts", "--out", folder / "copies"]
    subprocess.run([*workbench, *executed], cwd=ROOT, check=True, timeout=600)
    published = ["publish", folder / "prefix", "--from", folder / "copies"]
    subprocess.run([*workbench, *published], cwd=ROOT, check=True, timeout=600)
    return folder / "prefix"


@pytest.fixture
def page(browser, site):
    """A tab without a network, which asks for nothing but files of the site."""
    with lab.tab(browser, offline=True) as page:
        page.requests = []
        page.on("request", lambda request: page.requests.append(request.url))
        yield page
        assert not page.errors
        assert [url for url in page.requests if not url.startswith(site.as_uri())] == []


def violations(page):
    # Without a server axe cannot read style sheets again; what it needs of them it sees.
    rules = Axe().run(page, options={"preload": False}).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in rules for node in rule["nodes"]]


def size(site, url):
    return (site / unquote(urlsplit(url).path).removeprefix(f"{site}/")).stat().st_size


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_start_page_is_small_and_open_to_everybody(page, site, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto((site / "index.html").as_uri())
    expect(page.get_by_role("heading", name="Pipeline Workbench")).to_be_visible()
    page.wait_for_load_state("networkidle")
    urls = [url for url in set(page.requests) if ".woff" not in url]
    assert sum(size(site, url) for url in urls) <= START
    assert violations(page) == []


def test_a_lesson_plays_its_run_and_asks_for_a_prediction(page, site):
    page.goto((site / "index.html").as_uri())
    page.get_by_role("navigation").get_by_role("link", name="Pipeline Workbench: start").click()
    form = page.locator(".site-predict")
    form.get_by_role("button").click()
    expect(form.get_by_role("status")).to_contain_text("✎ Choose a state for each task")
    form.get_by_label("kubeflow").select_option("success")
    form.get_by_label("summary").select_option("failed")
    form.get_by_role("button").click()
    verdict = "✗ 1 of 2 as you said. First difference: summary is upstream_failed, not failed. su"
    expect(form.get_by_role("status")).to_contain_text(verdict)
    form.get_by_label("summary").select_option("upstream_failed")
    form.get_by_role("button").click()
    expect(form.get_by_role("status")).to_contain_text("✓ as you said: kubeflow success, summary")
    assert violations(page) == []

    page.locator("details").filter(has_text="Show a right answer").nth(1).locator("summary").click()
    answer = page.get_by_text('predict(course, ends, after={"airflow": "raise"})').nth(1)
    expect(answer).to_be_visible()
    frames = page.locator("iframe")
    expect(frames).to_have_count(2)
    frames.last.scroll_into_view_if_needed()
    player = frames.last.content_frame
    expect(player.locator(".wb-title")).to_contain_text("course 1 of 6 finished")
    player.get_by_role("button", name="Back").click()
    expect(player.locator(".wb-title")).to_contain_text("course 0 of 6 finished")


def test_the_dark_side_is_that_of_the_players_too(page, site):
    page.goto((site / "notebooks" / "0-start-here.html").as_uri())
    page.get_by_role("button", name="Color mode").click()
    page.get_by_role("button", name="Dark").click()
    main = page.locator("iframe").last.content_frame.locator("main")
    page.locator("iframe").last.scroll_into_view_if_needed()
    expect(main).to_have_css("background-color", "rgb(28, 28, 28)")


def test_the_language_is_chosen_once_for_the_site_and_its_players(page, site):
    page.goto((site / "notebooks" / "0-start-here.html").as_uri())
    player = page.locator("iframe").last.content_frame
    page.locator("iframe").last.scroll_into_view_if_needed()
    expect(player.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("combobox", name="Language").first.select_option("de")
    expect(page.get_by_role("searchbox", name="Suche").first).to_be_visible()
    expect(page.get_by_role("navigation").get_by_text("Lektionen")).to_be_visible()
    expect(player.get_by_role("button", name="Zurück")).to_be_visible()
    form = page.locator(".site-predict")
    form.get_by_label("kubeflow").select_option("erfolgreich")
    form.get_by_label("summary").select_option("failed")
    form.get_by_role("button", name="Mit dem Lauf vergleichen").click()
    expect(form.get_by_role("status")).to_contain_text("✗ 1 von 2 wie vorhergesagt. Erster Unter")
    assert violations(page) == []

    page.goto((site / "index.html").as_uri())
    expect(page.get_by_role("navigation").get_by_text("Lektionen")).to_be_visible()
    page.goto((site / "notebooks" / "0-start-here.html").as_uri())
    page.locator("iframe").last.scroll_into_view_if_needed()
    player.get_by_role("combobox", name="Sprache").select_option("es")
    expect(page.get_by_role("searchbox", name="Buscar").first).to_be_visible()
    page.get_by_role("combobox", name="Idioma").first.select_option("en")
    expect(page.get_by_role("navigation").get_by_text("Lessons")).to_be_visible()
    expect(player.get_by_role("button", name="Back")).to_be_visible()


def test_a_picture_that_is_attached_to_a_cell_is_shown(page, site):
    page.goto((site / "notebooks" / "3.2-airflow.html").as_uri())
    picture = page.get_by_role("img", name="Airflow's page of the run")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 400


def test_the_search_needs_no_server(page, site):
    page.goto((site / "index.html").as_uri())
    page.get_by_role("searchbox", name="Search").first.fill("idempotency")
    page.keyboard.press("Enter")
    found = page.locator("#search-results li a")
    expect(found.filter(has_text="3.5a Best practices: idempotency").first).to_be_visible()
    assert violations(page) == []
    found.filter(has_text="3.5a Best practices: idempotency").first.click()
    expect(page.get_by_role("heading", name="3.5a Best practices: idempotency")).to_be_visible()


def test_on_a_phone_nothing_is_wider_than_the_screen(browser, site):
    with lab.tab(browser, offline=True, viewport={"width": 360, "height": 740}) as page:
        for name in ("index.html", "notebooks/0-start-here.html", "notebooks/3.2-airflow.html"):
            page.goto((site / name).as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") == 360, name
        assert not page.errors


def test_under_a_path_prefix_everything_is_there(browser, site):
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    handler = functools.partial(quiet, directory=site.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with lab.tab(browser) as page:
            missing = []
            page.on("response", lambda r: missing.append(r.url) if r.status >= 400 else None)
            page.goto(f"http://127.0.0.1:{server.server_port}/prefix/search.html?q=idempotency")
            page.locator("#search-results li a").first.click()
            expect(page.locator("article h1")).to_be_visible()
            assert (missing, page.errors) == ([], [])
        server.shutdown()


class Addresses(HTMLParser):
    """What a page links to and asks for, and the places in it that can be linked to."""

    def __init__(self, path):
        super().__init__()
        self.links, self.places = [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src"):
                self.links.append((tag, value))
            elif name == "id":
                self.places.add(value)


def test_every_link_leads_somewhere_and_nothing_is_asked_of_another_machine(site):
    pages = {path: Addresses(path) for path in site.rglob("*.html")}
    for path, page in pages.items():
        for tag, link in page.links:
            if re.match(r"https?:", link):
                assert tag == "a", (path.name, link)
            elif not link.startswith(("data:", "mailto:")):
                address, place = urldefrag(urljoin(path.as_uri(), link))
                target = Path(unquote(urlsplit(address).path))
                assert target.is_file(), (path.name, link)
                known = pages[target].places if target in pages else {place}
                assert not place or target.parent.parent.name == "runs" or place in known, link


def test_exercises_come_without_answers(site):
    for path in sorted((ROOT / "solutions").glob("*.ipynb")):
        assert (site / "exercises" / f"{path.stem}.html").exists()
    text = (site / "exercises" / "problem_3.html").read_text()
    assert "process_data" in text
    assert "os.replace" not in text
