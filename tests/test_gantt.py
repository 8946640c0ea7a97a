"""A timeline says when each attempt ran, as a drawing and in words."""

from xml.etree import ElementTree as xml

from workbench import Record, timeline
from workbench.graph import Graph

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg):
    return [element.text for element in xml.fromstring(svg).iter(f"{SVG}text")]


def test_a_timeline_shows_attempts_waits_and_what_overlaps():
    record = Record(Graph.of(["a", "b", "c"]))
    for at, kind, task, number in [
        (0.0, "started", "a", 1),
        (1.0, "retrying", "a", 1),
        (2.0, "started", "a", 2),
        (3.0, "succeeded", "a", 2),
        (0.0, "started", "b", 1),
        (4.0, "failed", "b", 1),
    ]:
        record.append(kind, task, at, number)
    drawn = timeline(record)
    assert str(drawn).splitlines() == [
        "2 tasks ran in 4.00 s, up to 2 at the same time",
        "  ✗ a, attempt 1: 0.00–1.00 s, failed",
        "  ✓ a, attempt 2: 2.00–3.00 s, success",
        "  ✗ b, attempt 1: 0.00–4.00 s, failed",
    ]
    root = xml.fromstring(drawn.svg)
    bars = [
        float(bar.get("width"))
        for bar in root.iter(f"{SVG}rect")
        if bar.find(f"{SVG}title") is not None
    ]
    assert bars == [160.0, 160.0, 640.0]
    assert sum(line.get("stroke-dasharray") is not None for line in root.iter(f"{SVG}line")) == 1
    assert {"0 s", "1 s", "4 s"} <= set(texts(drawn.svg))
