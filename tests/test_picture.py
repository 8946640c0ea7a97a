"""Pictures say the same in SVG and in words, and never by colour alone."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import unquote
from xml.etree import ElementTree as xml

import pytest

from workbench import (
    Graph,
    Pipeline,
    PipelineError,
    Run,
    compare,
    draw,
    picture,
    run,
    timeline,
)

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg):
    return [element.text for element in xml.fromstring(svg).iter(f"{SVG}text")]


def image(drawn):
    """The attributes of the image in a picture's HTML, as a browser reads them."""
    tags, parser = [], HTMLParser()
    parser.handle_starttag = lambda tag, attributes: tags.append((tag, dict(attributes)))
    parser.feed(drawn._repr_mimebundle_()["text/html"])
    ((tag, attributes),) = tags
    assert tag == "img"
    return attributes


def test_a_drawing_reads_well_aloud(training):
    assert str(draw(training)).splitlines() == [
        "5 tasks in 4 waves: collect → clean → fit, describe → report",
        "  clean (after collect)",
        "  fit (after clean)",
        "  describe (after clean)",
        "  report (after fit, describe)",
    ]


def test_a_drawing_has_a_picture_and_the_words(training):
    drawn = draw(training)
    assert drawn._repr_mimebundle_() == {
        "text/html": picture.image(drawn.svg),
        "text/plain": drawn.text,
    }
    assert set(texts(drawn.svg)) == set(training.tasks)
    assert 'role="img" aria-label="5 tasks in 4 waves' in drawn.svg


def test_a_picture_stands_in_html_whole_and_with_its_name(training):
    execution = Run(training)
    execution.inject("fit", "raise")
    execution.run_all()
    parts = image(draw(execution))
    assert parts["alt"] == (
        "5 tasks in 4 waves: collect → clean → fit, describe → report. "
        "success: collect, clean, describe. failed: fit. upstream failed: report"
    )
    kind, _, content = parts["src"].partition(",")
    assert kind == "data:image/svg+xml"
    assert unquote(content) == draw(execution).svg
    assert image(draw(run(training)))["alt"].endswith("report. all success")


def test_a_map_says_what_its_nodes_are_and_what_is_in_no_order_yet_has_no_waves():
    towns = Graph.of(["a", "b"], [("a", "b")])
    assert str(draw(towns, word="town")).startswith("2 towns in 2 waves: a → b")
    flow = Graph.of(["a", "b"], dynamic=True)
    unordered = "2 tasks in an order that shows when it runs: a, b"
    assert str(picture.picture(flow)) == unordered
    assert str(picture.picture(flow, {"a": "pending", "b": "pending"})).startswith(unordered)
    assert str(picture.picture(flow, {"a": "success"})).startswith("1 task in 1 wave: a, b")


def test_states_show_as_icon_word_and_class(training):
    execution = Run(training)
    execution.inject("fit", "raise")
    execution.run_all()
    drawn = draw(execution)
    assert {"✓ collect", "✗ fit", "⊘ report"} <= set(texts(drawn.svg))
    assert "✗ fit: failed (after clean)" in drawn.text
    assert [
        node.get("class")
        for node in xml.fromstring(drawn.svg).iter(f"{SVG}g")
        if node.get("id") == "task-2"
    ] == ["node state-failed"]
    assert draw(execution.record).svg == drawn.svg


def test_every_state_has_its_own_icon():
    icons = [icon for icon, _, _ in picture.LOOK.values()]
    assert len(set(icons)) == len(icons)


@pytest.mark.parametrize("name", ["<b>", "a:b", "x\\l", 'quo"te', "ünï → ✓", "node", "a<b & c"])
def test_any_name_can_be_drawn(name):
    assert texts(picture.picture(Graph.of([name, "other"], [(name, "other")])).svg).count(name) == 1


def test_what_nothing_connects_is_drawn_from_the_top():
    svg = xml.fromstring(draw(Graph.of(["a", "b", "c"])).svg)
    heights = {element.text: float(element.get("y")) for element in svg.iter(f"{SVG}text")}
    assert sorted(heights, key=heights.get) == ["a", "b", "c"]


def test_groups_are_drawn_as_clusters():
    drawn = picture.picture(
        Graph.of(["load", "prep/clean", "prep/deep/scale"], [("load", "prep/clean")])
    )
    assert set(texts(drawn.svg)) == {"load", "clean", "scale", "prep", "deep"}


def test_a_drawing_has_the_same_bytes_every_time(training):
    assert draw(training).svg == draw(training).svg


def test_without_a_layout_program_there_are_words(training, monkeypatch):
    monkeypatch.setattr(picture.sysconfig, "get_path", lambda name: "/nowhere")
    monkeypatch.setenv("PATH", "/nowhere")
    drawn = draw(training)
    assert list(drawn._repr_mimebundle_()) == ["text/plain"]
    with pytest.raises(PipelineError, match="there is no picture to write, only text"):
        drawn.save("x.svg")


def test_dot_on_the_path_is_used_when_graphviz_pure_is_not_there(training, monkeypatch, tmp_path):
    real = picture.sysconfig.get_path("scripts")
    (tmp_path / "dot").symlink_to(f"{real}/graphviz-pure")
    monkeypatch.setattr(picture.sysconfig, "get_path", lambda name: "/nowhere")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert draw(training).svg


def test_a_long_graph_is_listed_in_part():
    text = picture.picture(
        Graph.of([f"t{n}" for n in range(100)], [(f"t{n}", f"t{n + 1}") for n in range(99)])
    ).text
    assert len(text.splitlines()) < 45
    assert text.endswith("and 60 more tasks")


def test_a_flow_that_is_not_known_yet_says_so():
    assert draw(Graph(dynamic=True)).text == "A dynamic flow: its tasks appear when it runs."


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (compare, "at least two records, and was given 1"),
        (lambda record: compare(record, "x"), "takes Records or Runs, and was given a str"),
        (lambda record: timeline(3), "shows a Record or a Run, and this is a int"),
        (lambda record: draw("nowhere"), "nothing that can be run"),
    ],
)
def test_a_wrong_argument_is_one_clear_line(training, call, words):
    record = run(training)
    with pytest.raises(PipelineError, match=words):
        call(record)


def test_names_from_learners_are_text_and_never_markup():
    pipeline = Pipeline("p")
    pipeline.task(lambda: 1, name="<script>alert(1)</script>")
    first, second = run(pipeline), run(pipeline)
    for markup in (draw(first).svg, timeline(first).svg, compare(first, second).page()):
        assert "<script" not in markup


@pytest.mark.parametrize(("tasks", "narrowed"), [(3, False), (8, True), (12, False)])
def test_a_picture_is_narrowed_to_a_page_as_long_as_its_words_stay_legible(tasks, narrowed):
    names = [f"a_task_called_{number}" for number in range(tasks)]
    svg = draw(Graph.of(names, list(pairwise(names)))).svg
    wide = int(re.search(r'width="(\d+)pt"', svg)[1])
    box = float(re.search(r'viewBox="0.00 0.00 ([\d.]+)', svg)[1])
    assert (wide < round(box)) == narrowed
    assert (picture.image(svg).count("max-width:100%") == 1) == (wide <= picture.PAGE)
    assert (wide == picture.PAGE) == narrowed
