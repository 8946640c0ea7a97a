"""Events over a graph: what follows from them, and that their file can be trusted."""

import json
import os
import signal

import pytest

from workbench import Record, Run
from workbench.comparison import differences
from workbench.graph import Graph, PipelineError

GRAPH = Graph.of("ab", [("a", "b")])


def recorded(*events):
    record = Record(GRAPH)
    for at, (kind, task, *more) in enumerate(events):
        record.append(kind, task, float(at), *more)
    return record


RETRIED = (
    ("started", None),
    ("queued", "a", 1),
    ("started", "a", 1),
    ("retrying", "a", 1, {"error": "ValueError: no", "delay": 2}),
    ("started", "a", 2),
    ("succeeded", "a", 2),
    ("started", "b", 1),
    ("failed", "b", 1, "ValueError: bad"),
    ("failed", None),
)


@pytest.mark.parametrize(
    ("seq", "states"),
    [
        (-1, {"a": "pending", "b": "pending"}),
        (1, {"a": "queued", "b": "pending"}),
        (2, {"a": "running", "b": "pending"}),
        (3, {"a": "retrying", "b": "pending"}),
        (5, {"a": "success", "b": "pending"}),
        (None, {"a": "success", "b": "failed"}),
    ],
)
def test_states_at_any_moment(seq, states):
    assert recorded(*RETRIED).states(seq) == states


def test_attempts_and_their_times():
    record = recorded(*RETRIED)
    assert [(a.number, a.start, a.end, a.state) for a in record.attempts("a")] == [
        (1, 2.0, 3.0, "failed"),
        (2, 4.0, 5.0, "success"),
    ]
    assert record.intervals("b") == ((6.0, 7.0),)
    assert (record.error("b"), record.error("a"), record.error("a", 3)) == (
        "ValueError: bad",
        None,
        "ValueError: no",
    )
    assert record.state == "failed"


def test_overlap_is_the_time_in_which_all_ran():
    record = recorded(
        ("started", "a", 1), ("started", "b", 1), ("succeeded", "a", 1), ("succeeded", "b", 1)
    )
    assert record.overlap(["a", "b"]) == 1.0
    assert recorded(*RETRIED).overlap(["a", "b"]) == 0.0


def test_a_cleared_task_is_pending_and_keeps_its_attempts():
    record = recorded(*RETRIED, ("cleared", "a"))
    assert record.states()["a"] == "pending"
    assert len(record.attempts("a")) == 2
    assert record.state == "running"


def test_tasks_that_appear_while_running_extend_the_graph():
    record = recorded(
        ("started", None), ("graph", None, None, {"tasks": ["c"], "edges": [["a", "c"]]})
    )
    assert record.graph.tasks == ("a", "b", "c")
    assert record.states() == {"a": "pending", "b": "pending", "c": "pending"}
    assert record.graph.upstream("c") == ("a",)


def test_a_record_is_rebuilt_from_its_file_alone(tmp_path):
    record = recorded(*RETRIED, ("graph", None, None, {"tasks": ["c"], "edges": []}))
    again = Record.load(record.save(tmp_path / "r.jsonl"))
    assert again.events == record.events
    assert again.graph == record.graph
    assert again.states() == record.states()


def test_its_file_is_json_lines_as_agreed(training, tmp_path):
    Run(training, tmp_path / "r", rows=2).run_all()
    head, *events = map(json.loads, (tmp_path / "r" / "record.jsonl").read_text().splitlines())
    assert {"schema": 1, "engine": "local", "parameters": {"rows": 2}}.items() <= head.items()
    assert head["graph"]["tasks"] == ["collect", "clean", "fit", "describe", "report"]
    assert all(
        list(event) == ["seq", "at", "task", "kind", "attempt", "detail"] for event in events
    )
    assert [event["seq"] for event in events] == list(range(len(events)))


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_a_last_line_cut_off_half_way_is_dropped(tmp_path, cut):
    record = recorded(*RETRIED)
    path = record.save(tmp_path / "r.jsonl")
    path.write_bytes(path.read_bytes()[:-cut])
    assert Record.load(path).events == record.events[:-1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a record"),
        ("{}\n", "not a record"),
        ("[1, 2]\n", "not a record"),
        ('{"schema": 9}\n', "schema 9 is not 1"),
    ],
)
def test_a_file_that_is_no_record_is_named(tmp_path, text, words):
    (tmp_path / "x.jsonl").write_text(text)
    with pytest.raises(PipelineError, match=words):
        Record.load(tmp_path / "x.jsonl")


def test_a_spoilt_line_in_the_middle_is_not_passed_over(tmp_path):
    path = recorded(*RETRIED).save(tmp_path / "r.jsonl")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:3], "{oops\n", *lines[4:]]))
    with pytest.raises(PipelineError, match="line 4 is not JSON"):
        Record.load(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(PipelineError, match=r"nowhere\.jsonl: no such file"):
        Record.load(tmp_path / "nowhere.jsonl")


def test_two_runs_cannot_write_the_same_folder(training, tmp_path):
    run = Run(training, tmp_path / "r")
    with pytest.raises(PipelineError, match="another run is at work in this folder"):
        Run.resume(tmp_path / "r", training)
    run.close()
    assert Run.resume(tmp_path / "r", training).states == run.states


def test_a_task_that_outlives_its_killed_run_does_not_keep_the_folder(training, tmp_path):
    started, report = os.pipe()
    if not (killed := os.fork()):
        try:
            run = Run(training, tmp_path / "r")
            if not os.fork():  # as the worker of an engine forks, while the run is under way
                os.write(report, str(os.getpid()).encode())
            signal.pause()
            run.close()
        finally:
            os._exit(1)
    os.close(report)
    task = int(os.read(started, 20))
    try:
        os.kill(killed, signal.SIGKILL)
        os.waitpid(killed, 0)
        assert set(Run.resume(tmp_path / "r", training).states.values()) == {"pending"}
    finally:
        os.kill(task, signal.SIGKILL)


def test_differences_name_the_columns_in_which_records_disagree():
    one, other = recorded(*RETRIED), recorded(("started", "a", 1), ("succeeded", "a", 1))
    first, second = differences([one, other])
    assert (first.task, first.fields, first.attempts) == ("a", ("attempts",), (2, 1))
    assert (second.task, second.fields, second.states) == (
        "b",
        ("state", "attempts"),
        ("failed", "pending"),
    )


@pytest.mark.parametrize(
    ("calls", "rows"),
    [
        (["a[0]", "b[0]"], {"a": ("success", "success"), "b": ("pending", "success")}),
        (
            ["a[0]", "a[1]"],
            {"a": ("success", None), "b": ("pending", None), "a[0]": (None, "success")},
        ),
        (["c[0]"], {"a": ("success", None), "c[0]": (None, "success")}),
    ],
)
def test_the_only_call_of_a_task_is_compared_with_the_task_that_has_no_number(calls, rows):
    numbered = Record(Graph.of(calls))
    for call in calls:
        numbered.append("succeeded", call, 1.0)
    found = {row.task: row.states for row in differences([recorded(("succeeded", "a")), numbered])}
    assert found.items() >= rows.items()
