"""Problem 5 loads an answer once, and copies the process for each trial, where that can be."""

import pytest

from workbench.exercises import check
from workbench.exercises.registry import find

COUNTED = """
import threading, time
with open("loads", "a") as file:
    file.write("x")
def retry_with_backoff(**settings):
    return lambda function: function
"""
BEATS = "threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()\n"
CALL = {"function": "f", "decorator": "f", "doc": "", "parameters": {}, "arguments": []}
CALL |= {"named": {}, "during": None, "threaded": False, "real": False, "stage": "gives_up"}
ENDED = {"value": 1}


@pytest.fixture(scope="module")
def keeper():
    with check.warm("problem_5") as running:
        yield running


@pytest.mark.parametrize(
    ("source", "kept", "loads"),
    [
        (COUNTED, [True] * 3, b"x"),
        (COUNTED, [True, False, True], b"xxx"),
        (BEATS, [True] * 2, b"xx"),
    ],
)
def test_an_answer_is_loaded_once_unless_it_has_threads(keeper, source, kept, loads):
    source = COUNTED + source.replace(COUNTED, "")
    with keeper.job(find("problem_5").probe, source) as job:
        for may in kept:
            given = {"kept": may, "calls": [CALL]}
            seen = job.step("gives_up", given, lambda asked: ENDED, kept=may)
            assert (seen.stopped, seen.error, seen.first("value")) == (None, None, "1")
        assert job.read("loads") == loads


@pytest.mark.parametrize(
    ("source", "stopped"),
    [("import os\nos._exit(3)", "exit"), ("import os\nos.kill(os.getpid(), 24)", "time")],
)
def test_a_trial_that_ends_otherwise_stops_the_job(keeper, source, stopped):
    inside = "\n    ".join(["def retry_with_backoff(**settings):", *source.split("\n")])
    with keeper.job(find("problem_5").probe, inside) as job:
        given = {"kept": True, "calls": [CALL]}
        assert job.step("gives_up", given, lambda asked: ENDED, kept=True).stopped == stopped
        assert job.step("backoff", given, lambda asked: ENDED, kept=True).stopped == stopped
