"""The panel over a graph that grows while it runs, and over runs that are forked off."""

from test_panel import BUTTONS, press, states

from workbench import Record, Run, step
from workbench.panel.controls import blocked


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
    shown.wait(150)
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
    assert shown.form.instance.options == tuple(names)
    assert shown.task == "fit[1]"
    assert "ValueError: one of them" in shown.form.headline.value
    shown.form.instance.value = "fit[0]"
    assert "▶ running" in shown.form.headline.value
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


def test_fork_replaces_an_output_and_compares(training):
    shown = step(training)
    press(shown, "Run all")
    shown.dag.selected = "clean"
    shown.form.tabs.selected_index = 5
    assert shown.form.output.value == "[1, 2, 3]"
    shown.form.output.value = "[10]"
    shown.form.fork.click()
    shown.wait(150)
    assert shown.run.outputs["report"] == "10 from 1"
    assert shown.runs[0].outputs["report"] == "6 from 3"
    assert "these tasks differ: clean, fit, describe, report" in shown.form.comparison.value
    assert shown.form.shown_run.options == (("run 1", 0), ("run 2, forked", 1))
    shown.form.shown_run.value = 0
    assert shown.run is shown.runs[0]
    assert shown.form.output.value == "[1, 2, 3]"


def test_a_fork_with_words_that_are_not_json_says_what_to_write(training):
    shown = step(training)
    press(shown, "Run all")
    shown.form.tabs.selected_index = 5
    shown.form.output.value = "[1, 2"
    shown.form.fork.click()
    shown.wait(150)
    assert shown.dag.message.startswith("the new output is not JSON (Expecting ',' delimiter")
    assert len(shown.runs) == 1
