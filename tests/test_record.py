"""Events over a graph, and what follows from them."""

import pytest
from recorded import RETRIED, recorded

from workbench import PipelineError, Record


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


CLEARED = [("cleared", "a")]
INTERRUPTED = [("queued", "a", 2), ("started", "a", 2), ("failed", "a", 2, "interrupted")]


@pytest.mark.parametrize(
    ("events", "since", "tries"),
    [
        ([], [1], 1),
        (CLEARED, [], 0),
        ([*INTERRUPTED, *CLEARED], [1, 2], 1),
        ([*INTERRUPTED, *CLEARED, ("started", "a", 3)], [1, 2, 3], 2),
        ([*CLEARED, *INTERRUPTED, *CLEARED], [2], 0),
        ([*CLEARED, ("queued", "a", 2), *CLEARED, ("started", "a", 2)], [2], 1),
        ([("started", "a", 2), ("succeeded", "a", 2), *CLEARED], [], 0),
    ],
)
def test_what_a_resume_clears_is_no_new_start_and_what_a_crash_ended_no_try(events, since, tries):
    record = recorded(("started", "a", 1), ("failed", "a", 1, "ValueError: no"), *events)
    assert [attempt.number for attempt in record.since_cleared("a")] == since
    assert record.tries("a") == tries


def test_each_attempt_says_what_ended_it():
    attempts = recorded(*RETRIED).attempts("a") + recorded(*RETRIED).attempts("b")
    assert [attempt.error for attempt in attempts] == ["ValueError: no", None, "ValueError: bad"]


def test_a_kind_that_is_none_is_refused():
    with pytest.raises(PipelineError, match="'exploded' is no kind of event"):
        recorded(("exploded", "a"))


def test_the_current_states_are_a_view_that_moves_and_that_nobody_writes():
    record = recorded(("started", "a", 1))
    current = record.current
    record.append("succeeded", "a", 2.0, 1)
    assert current["a"] == "success"
    with pytest.raises(TypeError):
        current["a"] = "failed"


def test_the_first_graph_stays_when_the_graph_grows():
    record = recorded(("graph", None, None, {"tasks": ["c"], "edges": [["a", "c"]]}))
    assert (record.first_graph.tasks, record.graph.tasks) == (("a", "b"), ("a", "b", "c"))
