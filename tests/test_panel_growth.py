"""The panel over a graph that grows while it runs, and over runs that are forked off."""

from test_panel import BUTTONS, press, states, tell

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
    drawn = shown.svg
    names = growing(shown, 10)
    assert shown.svg != drawn
    assert set(names) < set(shown.names)
    assert "fit" not in shown.names
    assert states(shown)["fit[1]"] == "failed"


def test_over_ten_instances_are_one_node_and_one_is_chosen_by_name(training):
    shown = step(training)
    names = growing(shown, 11)
    assert "fit" in shown.names
    assert not set(names) & set(shown.names)
    assert states(shown)["fit"] == "failed"
    assert "fit ×11" in shown.svg
    assert shown.marks["fit"] == "8 pending, 2 running, 1 failed"
    tell(shown, select="fit")
    assert shown.choices["Instance"]["options"] == names
    assert shown.task == "fit[1]"
    assert shown.headline["error"] == "ValueError: one of them"
    tell(shown, choose=["Instance", "fit[0]"])
    assert shown.headline["state"] == "running"
    assert [bar[0] for bar in shown.bars] == ["fit"] * 3


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
    tell(shown, select="clean")
    tell(shown, tab="fork")
    assert shown.content["fork"]["text"] == "[1, 2, 3]"
    tell(shown, fork="[10]")
    assert shown.run.outputs["report"] == "10 from 1"
    assert shown.runs[0].outputs["report"] == "6 from 3"
    assert "these tasks differ: clean, fit, describe, report" in shown.content["fork"]["comparison"]
    assert shown.choices["Shown"]["options"] == ["run 1", "run 2, forked"]
    tell(shown, choose=["Shown", "run 1"])
    assert shown.run is shown.runs[0]
    assert shown.content["fork"]["text"] == "[1, 2, 3]"


def test_a_fork_with_words_that_are_not_json_says_what_to_write(training):
    shown = step(training)
    press(shown, "Run all")
    tell(shown, tab="fork")
    tell(shown, fork="[1, 2")
    assert shown.message.startswith("the new output is not JSON (Expecting ',' delimiter")
    assert len(shown.runs) == 1
