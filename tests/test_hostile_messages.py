"""What an answer says on its channel is made harmless where it enters."""

import json
import math
import time

import pytest
from sandboxed import AMPLE, IN_THE_CALL, PAIR, PROBE

from workbench.exercises import check
from workbench.exercises.answers import Answer
from workbench.exercises.problem_4.flow_run import FlowRun
from workbench.exercises.problem_4.mistakes import untracked
from workbench.exercises.problem_5.calls import Call, traces
from workbench.sandbox.client import Keeper
from workbench.sandbox.job import Observations
from workbench.sandbox.message import (
    DEEPEST,
    LONGEST,
    LONGEST_SAID,
    error_of,
    parsed,
    printable,
)

NUMBERS = {
    "7": 7,
    "-12": -12,
    "0.5": 0.5,
    "NaN": None,
    "-Infinity": None,
    "1e999": None,
    "9" * 400: None,
    "9" * 5000: None,
    "1" + "0" * 18: None,
    "1e300": 1e300,
}


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number[:12])
def test_a_number_is_finite_or_none(number):
    assert parsed(f'{{"n": [{number}]}}'.encode()) == {"n": [NUMBERS[number]]}


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"type": "E", "text": "no", "line": 3}, {"type": "E", "text": "no", "line": 3}),
        ({"type": [1], "line": {}}, {"type": "[1]", "text": "None", "line": None}),
        ({}, {}),
        ("text", {}),
        ([[]], {}),
        (None, {}),
    ],
)
def test_an_error_has_its_parts_whatever_is_told(told, error):
    assert error_of(told) == error


TEXTS = {
    "plain": "plain",
    "two\nlines\tand é, 中, 🙂": "two\nlines\tand é, 中, 🙂",
    "\ud800": "\\ud800",
    "\x1b[31mred\x07": "\\x1b[31mred\\x07",
    "\u202ereversed": "\\u202ereversed",
    "over\rwritten\x00": "over\\rwritten\\x00",
}


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_a_text_can_be_printed(text):
    assert printable(text) == TEXTS[text]
    assert parsed(json.dumps({text: text}).encode()) == {TEXTS[text]: TEXTS[text]}


def test_what_lies_too_deep_is_none():
    lists = DEEPEST * 2
    content = parsed(b'{"deep": ' + b"[" * lists + b"]" * lists + b', "wide": [[]]}')
    assert content["wide"] == [[]]
    assert repr(content["deep"]).count("[") < DEEPEST
    assert "None" in repr(content["deep"])


@pytest.mark.parametrize(
    "line", [b"", b"7", b"[]", b"null", b"{", b'{"a": \xff}', b"[" * 99999, b'{"a":' * 99999]
)
def test_what_is_no_object_is_nothing(line):
    assert parsed(line) == {}


def test_values_that_an_answer_forges_stay_data():
    said = (
        "f = sys._getframe(1).f_locals['channel']\n"
        "    f.tell(ask=5); f.tell(at='then', wide=10**400, odd=float('nan'))\n"
        "    f._send('tell', 7); f._send('ask', 7); f._send('done', [7])\n"
        "    raise ValueError('\\ud800\\x1b[1m')"
    )
    with Keeper(preload=(PROBE,)) as keeper, keeper.job(PROBE, IN_THE_CALL + said, AMPLE) as job:
        seen = job.step("doubles", {"calls": [PAIR]}, serve=lambda question: {})
    assert not any("ask" in value for value in seen.values)
    assert all(math.isfinite(value["at"]) for value in seen.values)
    assert (seen.first("wide"), seen.first("odd")) == (None, None)
    assert seen.error["text"] == "\\ud800\\x1b[1m"


RAISING = {
    "a lone surrogate": "raise ValueError('\\ud800')",
    "a terminal's escape": "raise ValueError('\\x1b]0;title\\x07')",
    "a name that is none": "raise type('\\udfff', (Exception,), {})('x')",
    "a name of a megabyte": "raise type('cannot import ' * 70_000, (Exception,), {})('x')",
    "a name of a megabyte, told past what bounds it": (
        "f = sys._getframe(1).f_locals['channel']\n"
        "    name = 'cannot import ' * 70_000\n"
        "    f._send('done', {'type': name, 'text': name, 'line': name, 'stopped': None})\n"
        "    f._send('tell', {'failed': {'type': name, 'text': name}})\n    os._exit(0)"
    ),
    "a text that raises": "raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})()",
    "a text that is none": "raise type('E', (Exception,), {'__str__': lambda self: None})()",
}


@pytest.mark.parametrize("name", RAISING)
def test_an_error_of_any_text_is_an_answer_that_failed(name):
    text = f"import os, sys\ndef process_data(i, o):\n    {RAISING[name]}\n"
    report = check.judge("problem_3", Answer(code=text), seed=1)
    assert report.outcome == "failed"
    for shown in (json.dumps(report.as_json(), ensure_ascii=False), report.as_text()):
        assert printable(shown.encode().decode()) == shown


def test_a_text_is_no_longer_than_what_a_task_may_print():
    for text in ("x" * 5_000_000, "\x00" * 5_000_000):
        (told,) = parsed(json.dumps({"text": text}).encode()).values()
        assert len(told) <= 4 * LONGEST  # where each sign is written as four
    said = error_of({"type": "x" * 5000, "text": ["x" * 5000]})
    assert [len(said[name]) for name in ("type", "text")] == [LONGEST_SAID] * 2


def test_many_forged_trainings_are_matched_with_tasks_at_once():
    """As many choices as 4 to the power of 60 are not gone through one by one."""
    tasks = {name: {"state": "COMPLETED", "message": ""} for name in "ab"}
    run = FlowRun("completes", {})
    run.reported["records"] = {"tasks": tasks, "flows": ["COMPLETED"]}
    run.fits = {
        number: {"fit": number, "kind": f"kind {number % 60}", "ended": True}
        | {"task_run": "abc"[number // 60]}
        for number in range(180)
    }
    assert "a record of 2 task runs" in untracked(run)
    tasks["c"] = tasks["a"]
    assert untracked(run) == ""


def test_logs_without_end_are_sorted_at_once():
    """Each is added to those before it, not they to it."""
    values = tuple({"log": "x" * 40, "at": 0.0} for _ in range(200_000))
    call = Call("f", "f", "", (), (None,), {})
    began = time.process_time()
    (trace,) = traces(Observations("gives_up", values), [call])
    assert len(trace.logs[0]) == 41 * 200_000
    assert time.process_time() - began < 20  # CPU; copied each time they took minutes
