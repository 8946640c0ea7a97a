"""What is written into the panel's forms: stand-ins, halts, answers, watches; and its figures."""

import pytest
from test_panel import press, states, tell
from test_people import DEPLOY

from workbench import Pipeline, PipelineError, Record, Run, step, things_in
from workbench.graph import Graph
from workbench.panel import forms
from workbench.steering.measures import measures


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3), ("null", None), ("None", None), ("{'a': (1, 2)}", {"a": (1, 2)}), ('"x"', "x")],
)
def test_a_value_is_written_as_json_or_as_python(text, value):
    assert forms.literal(text) == value


@pytest.mark.parametrize("text", ["", "open('x')", "hello", "{1: "])
def test_what_is_no_value_is_refused_in_a_line(text):
    with pytest.raises(PipelineError, match="is no value; write a number"):
        forms.literal(text)


def test_what_stands_in_is_marked_used_and_lifted(training):
    shown = step(training)
    tell(shown, select="fit", tab="steer")
    assert shown.content["steer"]["last"] is None
    tell(shown, fill=("stand in", "{'a': 7}"))
    assert shown.content["steer"]["stands"] == "{'a': 7}"
    assert shown.marks == {"fit": "stand-in"}
    press(shown, "Run all")
    assert shown.run.outputs["fit"] == {"a": 7}
    tell(shown, fill=("lift", None))
    assert (shown.marks, shown.content["steer"]["stands"]) == ({}, None)
    tell(shown, fill=("use last", None))
    assert shown.content["steer"]["last"] == ["of this run", "{'a': 7}"]
    assert shown.content["steer"]["stands"] == "{'a': 7}"
    tell(shown, fill=("stand in", "nothing"))
    assert "'nothing' is no value" in shown.message


def test_a_breakpoint_halts_and_is_marked_and_taken_away(training):
    shown = step(training)
    tell(shown, select="clean", tab="steer")
    tell(shown, fill=("halt", "before"))
    assert (shown.marks, shown.content["steer"]["when"]) == ({"clean": "‖ before"}, "before")
    press(shown, "Run all")
    assert states(shown)["clean"] == "pending"
    assert shown.title["note"] == "‖ halted before clean"
    tell(shown, fill=("halt", "len(value) > 2"))
    assert shown.marks == {"clean": "‖ len(value) > 2"}
    assert shown.content["steer"]["condition"] == "len(value) > 2"
    tell(shown, fill=("halt", "len(value"))
    assert "is no expression" in shown.message
    press(shown, "Run all")
    assert shown.title["note"] == "‖ halted after clean: len(value) > 2"
    tell(shown, fill=("halt", ""))
    assert (shown.marks, shown.content["steer"]["when"]) == ({}, "")


def test_a_run_goes_on_until_something_holds_and_is_watched(training):
    shown = step(training)
    tell(shown, fill=("watch", "len(clean)"))
    assert shown.watches == [["len(clean)", []]]
    tell(shown, fill=("until", "len(clean) == 3"))
    assert states(shown)["report"] == "pending"
    assert shown.title["note"] == "‖ halted until the condition held"
    [[_, values]] = shown.watches
    assert [text for _, text in values] == ["not there yet", "3"]
    tell(shown, fill=("unwatch", "len(clean)"))
    assert shown.watches == []


def test_what_has_changed_and_what_is_below_is_stale_until_it_has_run_again(training):
    def edited(bonus):
        pipeline = Pipeline("p")
        pipeline.task(lambda: 1, name="one")
        pipeline.task((lambda one: one + 1) if bonus else (lambda one: one), name="two")
        pipeline.task(lambda two: two, name="last")
        return pipeline

    shown = step(edited(bonus=False))
    press(shown, "Run all")
    shown.run.reload(edited(bonus=True))
    shown.wait(150)
    assert shown.marks == {"two": "✎", "last": "✎"}
    press(shown, "Run all")
    assert shown.marks == {}


def test_figures_are_of_time_attempts_and_what_was_given():
    record = Record(Graph.of("abcd", [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]))
    for task, start, end in (("a", 0, 1), ("b", 1, 4), ("c", 1, 2), ("c", 2, 3), ("d", 4, 5)):
        number = len(record.attempts(task)) + 1
        record.append("started", task, start, number)
        if (task, number) == ("c", 1):
            record.append("retrying", task, end, number, {"error": "once", "delay": 0})
            continue
        summary = {"file": None, "type": "DataFrame", "summary": "DataFrame 1200 × 3"}
        record.append("output", task, end, number, {**summary, "digest": None, "problem": None})
        record.append("succeeded", task, end, number)
    found = measures(record)
    assert found.path == ("a", "b", "d")
    assert found.seconds == 5
    assert found.share == {"a": 1 / 7, "b": 3 / 7, "c": 2 / 7, "d": 1 / 7}
    assert found.attempts == {"a": 1, "b": 1, "c": 2, "d": 1}
    assert found.carried["a", "b"] == "1,200 rows"
    assert found.words("c") == "29% of the time, 2 attempts"
    assert found.words("d") == "14% of the time, on the longest path"


def test_figures_are_shown_on_demand_as_far_as_the_run_is(training):
    shown = step(training)
    press(shown, "Run all")
    assert shown.measures == {}
    tell(shown, measure=True)
    assert shown.measures["nodes"]["collect"][1] == 1
    assert ["collect", "clean", "12 B"] in shown.measures["edges"]
    tell(shown, moment=-1)
    assert shown.measures["nodes"] == {}
    tell(shown, measure=False)
    assert shown.measures == {}


@pytest.mark.slow
@pytest.mark.usefixtures("airflow_home")
def test_an_answer_is_given_in_the_terms_of_the_question(tmp_path):
    (tmp_path / "asking.py").write_text(DEPLOY)
    shown = step(things_in(tmp_path / "asking.py")["asked"])
    press(shown, "Run all")
    [question] = shown.questions
    assert (question["task"], question["fields"]) == ("rows", [["rows", "5"]])
    assert (shown.marks, shown.title["note"]) == ({"rows": "?"}, "? waits for an answer: rows")
    tell(shown, fill=("answer", {"task": "rows", "chosen": ["OK"], "fields": {"rows": "0"}}))
    assert "minimum" in shown.message
    tell(shown, fill=("answer", {"task": "rows", "chosen": ["OK"], "fields": {"rows": "8"}}))
    assert (shown.questions, shown.marks) == ([], {})
    press(shown, "Run all")
    [question] = shown.questions
    assert (question["task"], question["options"]) == ("way", ["left", "right"])
    tell(shown, fill=("answer", {"task": "way", "chosen": ["right"], "fields": {}}))
    press(shown, "Run all")
    assert (states(shown)["left"], shown.run.outputs["right"]) == ("skipped", 8)
    page = shown.run.record.page()
    assert '"? How many?"' in page


def test_a_run_is_asked_for_no_task_in_particular(training):
    execution = Run(training)
    forms.act("watch", "", "collect", execution)
    execution.run_all()
    assert [text for _, text in execution.watched["collect"]] == ["[0, 1, 2, 3]"]
    execution.close()
