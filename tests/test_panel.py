"""The panel without a screen: what its buttons mean, what it shows, how it forks and resumes."""

import re
import threading
import time
from pathlib import Path

import pytest

from workbench import Pipeline, PipelineError, Record, Run, draw, panel, step
from workbench.panel import details
from workbench.panel.controls import TIPS, blocked, moment_before
from workbench.picture import LOOK

BUTTONS = list(TIPS)


def press(shown, name):
    button = shown._buttons[name]
    assert not button.disabled, f"{name}: {button.tooltip}"
    button.click()
    shown.wait(150)


def enabled(shown):
    return [name for name, button in shown._buttons.items() if not button.disabled]


def states(shown):
    return dict(zip(shown.dag.names, shown.dag.states, strict=True))


def heard(condition, seconds=150):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.01)


@pytest.fixture
def hanging():
    """One task that runs until it is let go."""
    pipeline, free = Pipeline("hanging"), threading.Event()
    pipeline.task(lambda: free.wait(300), name="wait")
    yield pipeline
    free.set()


def test_a_fresh_panel_offers_what_can_be_done(training):
    assert enabled(step(training)) == ["Step", "Run to here", "Run all", "Inject failure"]


def test_a_button_that_is_off_says_why(training):
    shown = step(training)
    why = {name: button.tooltip for name, button in shown._buttons.items() if button.disabled}
    assert why == shown.dag.blocked
    assert why == {
        "Stop": "Nothing is running",
        "Back": "This is the beginning",
        "Retry": "collect has not run yet",
        "Reset": "Nothing has happened yet",
        "Resume": "No earlier run was left half-way",
    }


def test_step_runs_one_task_and_selects_it(training):
    shown = step(training)
    press(shown, "Step")
    press(shown, "Step")
    assert states(shown) == {
        "collect": "success",
        "clean": "success",
        **dict.fromkeys(("fit", "describe"), "pending"),
    } | {"report": "pending"}
    assert shown.task == "clean"
    assert shown.dag.ready == ["fit", "describe"]
    assert "[1, 2, 3]" in shown._pages["output"].value


def test_step_takes_the_selected_task_when_it_is_ready(training):
    shown = step(training)
    shown.dag.selected = "clean"
    press(shown, "Run to here")
    shown.dag.selected = "describe"
    press(shown, "Step")
    assert states(shown)["describe"] == "success"
    assert states(shown)["fit"] == "pending"


def test_run_to_here_needs_a_task_that_has_not_ended(training):
    shown = step(training)
    shown.dag.selected = "fit"
    press(shown, "Run to here")
    assert states(shown)["describe"] == "pending"
    assert shown._buttons["Run to here"].tooltip == "fit has ended: Retry clears it"


def test_an_injected_failure_is_marked_felt_and_lifted_by_retry(training):
    shown = step(training)
    shown.dag.selected = "clean"
    press(shown, "Inject failure")
    assert shown.dag.marks == {"clean": "⚡ raise"}
    assert shown._buttons["Inject failure"].description == "Lift failure"
    press(shown, "Run all")
    assert states(shown)["clean"] == "failed"
    assert states(shown)["report"] == "upstream_failed"
    assert "InjectedFailure: injected into &#x27;clean&#x27;" in shown._headline.value
    press(shown, "Retry")
    assert shown.dag.marks == {}
    press(shown, "Run all")
    assert shown.run.record.state == "success"


def test_a_failure_can_be_lifted_before_it_is_felt(training):
    shown = step(training)
    press(shown, "Inject failure")
    press(shown, "Inject failure")
    assert shown.run.injections == {}


@pytest.mark.parametrize("how", ["raise", "raise once", "hang", "corrupt output", "kill"])
def test_every_way_to_fail_can_be_chosen(training, how):
    shown = step(training)
    shown._how.value = how
    press(shown, "Inject failure")
    assert shown.run.injections == {"collect": how}


def test_back_undoes_one_attempt_and_acting_goes_on_from_there(training):
    shown = step(training)
    press(shown, "Run all")
    at = {
        "collect": "success",
        "clean": "success",
        "fit": "pending",
        "describe": "pending",
        "report": "pending",
    }
    for _ in range(3):
        press(shown, "Back")
    assert states(shown)["report"] == "pending"
    assert "looking back" in shown._event.value
    while moment_before(shown.run) is not None:
        press(shown, "Back")
    assert set(states(shown).values()) == {"pending"}
    assert shown._buttons["Back"].tooltip == "This is the beginning"
    shown.dag.selected = "clean"
    press(shown, "Run to here")
    assert states(shown) == at


def test_the_slider_shows_any_moment_and_its_end_is_now(training):
    shown = step(training)
    press(shown, "Run all")
    length = len(shown.run.record)
    assert (shown._slider.value, shown._slider.max) == (length, length)
    for place in (0, 5, length):
        shown._slider.value = place
        shown.wait(150)
        expected = shown.run.record.states(place - 1)
        assert states(shown) == expected
        assert (shown.dag.until is None) == (place == length)


def test_events_come_in_batches():
    many = Pipeline("many")
    for number in range(300):
        many.task(lambda: 1, name=f"t{number}")
    shown, sent = step(many), []
    shown.dag.observe(lambda change: sent.append(change.new), "states")
    press(shown, "Run all")
    assert states(shown) == dict.fromkeys(many.tasks, "success")
    assert len(shown.dag.bars) == 300
    assert len(sent) < len(shown.run.record) / 2


def test_a_run_that_a_cell_drives_is_shown_too(training):
    execution = Run(training)
    shown = step(execution)
    execution.run_to("clean")
    heard(lambda: states(shown)["clean"] == "success" and "Step" in enabled(shown))


def test_two_panels_show_one_run(training):
    execution = Run(training)
    one, other = step(execution), step(execution)
    press(one, "Step")
    heard(lambda: states(other)["collect"] == "success")


def test_a_long_task_leaves_the_kernel_free_and_stops_at_once(hanging):
    shown = step(hanging)
    shown._buttons["Run all"].click()  # returns, though the task does not end by itself
    heard(
        lambda: states(shown)["wait"] == "running" and enabled(shown) == ["Stop", "Inject failure"]
    )
    heard(lambda: "▶ wait for" in shown._title.value)
    assert shown._slider.disabled
    with pytest.raises(TimeoutError, match="still running after 0.1 s"):
        shown.wait(0.1)
    press(shown, "Stop")
    assert states(shown)["wait"] == "failed"
    assert "stopped" in shown._headline.value


def test_a_mistake_is_said_and_not_lost(training, monkeypatch):
    shown = step(training)
    monkeypatch.setattr(shown.run, "step", lambda task: 1 / 0)
    press(shown, "Step")
    assert shown.dag.message == "ZeroDivisionError: division by zero"
    press(shown, "Run all")
    assert shown.dag.message == ""


def test_reset_begins_again(training):
    shown = step(training, rows=3)
    press(shown, "Run all")
    first = shown.run
    press(shown, "Reset")
    assert shown.run is not first
    assert shown.run.parameters == {"rows": 3}
    assert set(states(shown).values()) == {"pending"}
    press(shown, "Run all")
    assert first.record.state == shown.run.record.state == "success"


def test_resume_goes_on_with_the_latest_run_that_was_left(training):
    before = step(training)
    before.dag.selected = "clean"
    press(before, "Run to here")
    before.run.close()
    shown = step(training)
    press(shown, "Resume")
    assert shown.run.folder == before.run.folder
    assert states(shown)["clean"] == "success"
    press(shown, "Run all")
    assert [len(shown.run.record.attempts(task)) for task in training.tasks] == [1] * 5
    assert "Resume" not in enabled(step(training))


def test_resume_passes_by_runs_of_another_graph_and_runs_that_are_open(training):
    step(training)._buttons["Step"].click()
    other = Pipeline("training")
    other.task(lambda: 1, name="alone")
    left = Run(other)
    left.inject("alone", "raise")
    left.close()
    assert step(training).run.unfinished() is None
    assert step(other).run.unfinished() == left.folder


def test_fork_replaces_an_output_and_compares(training):
    shown = step(training)
    press(shown, "Run all")
    shown.dag.selected = "clean"
    shown.children[-1].selected_index = 5
    assert shown._value.value == "[1, 2, 3]"
    shown._value.value = "[10]"
    shown._fork_button.click()
    shown.wait(150)
    assert shown.run.outputs["report"] == "10 from 1"
    assert shown.runs[0].outputs["report"] == "6 from 3"
    assert "these tasks differ: clean, fit, describe, report" in shown._compared.value
    assert shown._which.options == (("run 1", 0), ("run 2, forked", 1))
    shown._which.value = 0
    assert shown.run is shown.runs[0]
    assert shown._value.value == "[1, 2, 3]"


def test_a_fork_with_words_that_are_not_json_says_what_to_write(training):
    shown = step(training)
    press(shown, "Run all")
    shown.children[-1].selected_index = 5
    shown._value.value = "[1, 2"
    shown._fork_button.click()
    shown.wait(150)
    assert shown.dag.message.startswith("the new output is not JSON (Expecting ',' delimiter")
    assert len(shown.runs) == 1


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


def test_every_state_has_its_look_in_the_panel(training):
    assert step(training).dag.look == {state: list(look) for state, look in LOOK.items()}


def test_without_a_browser_there_is_a_picture_and_a_sentence(training):
    first, second = (step(training)._repr_mimebundle_() for _ in range(2))
    assert first["image/svg+xml"] == second["image/svg+xml"] == draw(Run(training)).svg
    assert (
        first["text/plain"]
        == "Panel of training: 0 of 5 tasks finished; open in JupyterLab to steer it."
    )
    assert "application/vnd.jupyter.widget-view+json" in first


def test_parameters_of_a_run_cannot_be_given_again(training):
    with pytest.raises(PipelineError, match="has its parameters already; make a new one for rows"):
        step(Run(training), rows=3)


def test_the_script_and_the_style_come_with_the_package():
    folder = Path(panel.__file__).parent
    assert {"panel.js", "panel.css"} <= {path.name for path in folder.iterdir()}


# Graphs that grow


def growing(shown, count):
    """What an engine does that maps ``fit`` over ``count`` values."""
    names = [f"fit[{number}]" for number in range(count)]
    edges = [[end, name] for name in names for end in ["clean"]] + [
        [name, "report"] for name in names
    ]
    record, growth = shown.run.record, {"tasks": names, "edges": edges, "expands": ["fit"]}
    record.append("graph", None, record.last_at, detail=growth)
    for name in names[:3]:
        record.append("started", name, record.last_at, 1)
    record.append("failed", names[1], record.last_at, 1, "ValueError: one of them")
    heard(
        lambda: (
            shown.run.record.states()
            and shown._seen == len(shown.run.record)
            and shown._painter is None
        )
    )
    return names


def test_instances_stand_in_the_place_of_their_template(training):
    shown = step(training)
    drawn = shown.dag.svg
    names = growing(shown, 10)
    assert shown.dag.svg != drawn
    assert set(names) < set(shown.dag.names)
    assert "fit" not in shown.dag.names
    assert states(shown)["fit[1]"] == "failed"


def test_over_ten_instances_are_one_node_and_one_is_chosen_by_name(training):
    shown = step(training)
    names = growing(shown, 11)
    assert "fit" in shown.dag.names
    assert not set(names) & set(shown.dag.names)
    assert states(shown)["fit"] == "failed"
    assert "fit ×11" in shown.dag.svg
    assert shown.dag.marks["fit"] == "8 pending, 2 running, 1 failed"
    shown.dag.selected = "fit"
    assert shown._instance.options == tuple(names)
    assert shown.task == "fit[1]"
    assert "ValueError: one of them" in shown._headline.value
    shown._instance.value = "fit[0]"
    assert "▶ running" in shown._headline.value
    assert [bar[0] for bar in shown.dag.bars] == ["fit"] * 3


def test_looking_back_before_the_graph_grew_shows_the_tasks_pending(training):
    shown = step(training)
    growing(shown, 3)
    shown.run.back(-1)
    shown.refresh()
    assert set(states(shown).values()) == {"pending"}


def test_a_flow_without_tasks_yet_can_be_begun(training):
    execution = Run(training)
    record = execution.record
    execution.record = Record(type(record.graph)(dynamic=True), record.engine, name="flow")
    reasons = blocked(execution, None, ["…"], False, False)
    assert [name for name in BUTTONS if not reasons[name]] == ["Step", "Run all"]
    assert reasons["Retry"] == "Select a task in the graph first"


# One task in detail


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
        assert re.search(pattern, details.shown(value), re.DOTALL), (value, details.shown(value))


def test_the_tabs_say_what_a_task_received_gave_wrote_and_tried(training):
    execution = Run(training, rows=3)
    assert "receives nothing" in details.inputs(execution, "report")
    assert "has no output: its state is pending" in details.output(execution, "report")
    execution.inject("clean", "raise once")
    execution.run_all()
    execution.retry("clean")
    execution.run_all()
    assert details.inputs(execution, "collect") == (
        "<table class='wb-table'><tr><th scope='row'>rows</th><td><span class='wb-number'>3</span></td></tr></table>"
    )
    assert "<th scope='row'>rows</th>" in details.output(execution, "describe")
    assert "collecting 3 rows" in details.log(execution, "collect")
    assert details.log(execution, "clean").count("<details") == 2
    assert details.log(execution, "clean").index("✓ success") < details.log(
        execution, "clean"
    ).index("InjectedFailure")
    assert "InjectedFailure: injected into" in details.attempts(execution, "clean")
    assert "def clean(collect):" in details.source(execution, "clean")


def test_an_output_that_cannot_be_read_costs_only_its_tab(training):
    shown = step(training)
    press(shown, "Run all")
    for path in (shown.run.folder / "outputs").rglob("*.json"):
        path.write_text("{")
    shown.dag.selected = "clean"
    assert "JSONDecodeError" in shown._pages["output"].value
    shown.children[-1].selected_index = 2
    assert "has written nothing" in shown._pages["log"].value
