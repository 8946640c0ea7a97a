"""Every kind of event is in the table, with the state it leads to and what it carries."""

import pytest
from payloads import fits

from workbench import Pipeline, Record, Run
from workbench.events import FINISHED, KINDS, STATE_OF, Event

AGREED = (  # in the contract
    *("queued", "started", "succeeded", "failed", "retrying", "skipped", "upstream_failed"),
    *("cached", "output", "log", "cleared", "injected", "stopped", "graph"),
)


def eventful():
    """A run in which much happens: a retry, a failure, an injection, a clear, a stop."""
    pipeline, calls = Pipeline("eventful"), []

    @pipeline.task(retries=1, retry_delay=3)
    def flaky():
        print("a line for the log")
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("the first fails")
        return {"calls": len(calls)}

    pipeline.task(lambda flaky: 1, name="after")
    run = Run(pipeline)
    run.inject("after", "raise")
    run.run_all()
    run.retry("after")
    run.run_all()
    run.record.append("stopped", None, run.record.last_at)
    return run.record


def test_the_kinds_are_those_of_the_contract():
    assert set(KINDS) == set(AGREED)


def test_every_state_but_those_under_way_is_an_end():
    assert set(STATE_OF.values()) - FINISHED == {"pending", "queued", "running", "retrying"}


def test_what_a_run_writes_fits_the_table_and_so_does_its_file(tmp_path):
    record = eventful()
    kinds = {event.kind for event in record.events}
    assert kinds > {"retrying", "failed", "injected", "cleared", "output", "log", "stopped"}
    again = Record.load(record.save(tmp_path / "record.jsonl"))
    for event in (*record.events, *again.events):
        assert fits(event), event


@pytest.mark.parametrize(
    ("kind", "detail", "error"),
    [
        ("failed", "ValueError: no", "ValueError: no"),
        ("failed", "interrupted", "interrupted"),
        ("failed", {"state": "Crashed", "error": "ValueError: no"}, "ValueError: no"),
        ("failed", None, None),
        ("retrying", {"error": "ValueError: no", "delay": 3.0}, "ValueError: no"),
        ("retrying", {"error": None, "delay": 3.0}, None),
        ("upstream_failed", "it needs fit", "it needs fit"),
        ("skipped", "the flow ended without calling it", None),
        ("succeeded", {"state": "Completed"}, None),
    ],
)
def test_an_event_says_what_went_wrong(kind, detail, error):
    event = Event(0, 0.0, "a", kind, 1, detail)
    assert fits(event)
    assert event.error == error


@pytest.mark.parametrize(
    ("kind", "detail"),
    [("retrying", "ValueError: no"), ("output", {"file": 3}), ("queued", "x"), ("log", None)],
)
def test_a_payload_of_another_shape_does_not_fit(kind, detail):
    assert not fits(Event(0, 0.0, "a", kind, 1, detail))
