"""Runs that the player plays, and their page opened in a browser whose network is cut."""

import lab
import pytest
from playwright.sync_api import expect

from workbench import Pipeline, Record, Run, start
from workbench.graph import Graph
from workbench.panel.page import page as make_page
from workbench.panel.page import pair


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
