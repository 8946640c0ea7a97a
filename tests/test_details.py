"""One task in detail: its values by their kind, what it received, gave, wrote and tried."""

import re

import pytest
from test_panel import press, tell

from workbench import Pipeline, Run, step
from workbench.panel import details
from workbench.panel.values import shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([1, "ü"], '[1, "ü"]'),
        (0.5, "0.5"),
        ((1, 2), None),
        ("x" * 3000, None),
        ({"a": {1: 2}}, None),
    ],
)
def test_only_small_outputs_that_json_keeps_can_be_edited(value, text):
    pipeline = Pipeline("one")
    pipeline.task(lambda: value, name="give")
    execution = Run(pipeline)
    assert details.editable(execution, "give") is None
    execution.run_all()
    assert details.editable(execution, "give") == text


def test_values_are_shown_by_their_kind(tmp_path):
    import matplotlib.figure
    import numpy
    import pandas
    from sklearn.tree import DecisionTreeClassifier

    frame = pandas.DataFrame({"a<b": range(20), "c": 1.5})
    figure = matplotlib.figure.Figure()
    figure.subplots().set_title("a & b")
    (tmp_path / "model.bin").write_bytes(b"12345")
    cases = [
        (frame, "DataFrame 20 × 2; the first 8 rows.*<table.*a&lt;b"),
        (12345, "12,345"),
        (0.123456789, "0.123457"),
        (True, "<code>True</code>"),
        (None, "<code>None</code>"),
        ("a <tag>", "<pre>a &lt;tag&gt;</pre>"),
        (tmp_path / "model.bin", "model.bin</code>.*5 bytes"),
        (str(tmp_path / "model.bin"), "5 bytes"),
        (tmp_path, "folder of 1 files"),
        (DecisionTreeClassifier(max_depth=2), r"<pre>DecisionTreeClassifier\(max_depth=2\)</pre>"),
        (numpy.zeros((3, 4)), "ndarray 3 × 4.*<pre>array"),
        (figure, "<img alt='figure a &amp; b' src='data:image/png;base64,iVBOR"),
        ("x" * 5000, "the first 2,000 of 5,000 characters"),
        ([1, (2,)], r"<pre>\[1, \(2,\)\]</pre>"),
    ]
    for value, pattern in cases:
        assert re.search(pattern, shown(value), re.DOTALL), (value, shown(value))


def test_the_tabs_say_what_a_task_received_gave_wrote_and_tried(training):
    execution = Run(training, rows=3)
    assert "receives nothing" in details.inputs(execution, "report")["note"]
    assert "has no output: its state is pending" in details.output(execution, "report")["note"]
    execution.inject("clean", "raise once")
    execution.run_all()
    execution.retry("clean")
    execution.run_all()
    rows = [["rows", "<span class='wb-number'>3</span>"]]
    assert details.inputs(execution, "collect") == {"values": rows}
    assert details.received(execution, "collect") == {"values": [["arguments", {"values": rows}]]}
    assert details.output(execution, "describe")["values"][0][0] == "rows"
    [first] = details.log(execution, "collect")["logs"]
    assert first[:2] == [1, "success"]
    assert "collecting 3 rows" in first[2]
    latest, before = details.log(execution, "clean")["logs"]
    assert latest[:2] == [2, "success"]
    assert before[:2] == [1, "failed"]
    assert "InjectedFailure" in before[2]
    number, state, *_, error = details.attempts(execution, "clean")["attempts"][0]
    assert (number, state) == (1, "failed")
    assert error.startswith("InjectedFailure: injected into")
    [told, *_] = details.why(execution, "clean")["reasons"]
    assert told[0].startswith("clean succeeded (event")
    assert told[1] == [execution.record.last("clean", "succeeded").seq]
    execution.back(-1)
    assert "it waits: collect" in details.why(execution, "clean")["reasons"][0][0]
    execution.back(None)
    assert "def clean(collect):" in details.source(execution, "clean")["code"]


def test_a_long_log_is_cut_at_its_beginning():
    assert details.last_lines("\n".join(map(str, range(302)))).startswith("… 2 lines before\n2\n")


def test_an_output_that_cannot_be_read_costs_only_its_tab(training):
    shown = step(training)
    press(shown, "Run all")
    for path in (shown.run.folder / "outputs").rglob("*.json"):
        path.write_text("{")
    tell(shown, select="clean")
    assert "JSONDecodeError" in shown.content["error"]
    tell(shown, tab="log")
    assert shown.content == {"logs": [[1, "success", ""]]}
