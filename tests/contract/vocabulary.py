"""What every engine is asked to say in its own words, and what is true of every run."""

import os
import re
import threading
import time
from pathlib import Path

import pytest

from workbench import PipelineError, Record
from workbench.engines.registry import specs
from workbench.graph import template_of

PATIENCE = 300  # seconds, for a machine that has other things to do


class Vocabulary:
    """The pipelines of the suite. An engine's own class writes them; tasks have these names.

    Required are ``chain``, ``diamond`` and ``held``. Every other belongs to a capability: it is
    written where the engine declares that, or where it has to refuse it; where it has no words for
    it at all, ``cannot_say`` has the reason.
    """

    engine = ""  # the name in the registry
    heavy = False  # whether a second process with the engine takes seconds to start
    misfit = {"nothing": 1}  # run parameters that ``chain`` cannot take
    cannot_say = {}  # capability → why the engine has no words for it

    def chain(self):
        """first → second → third, which return 1, 2, 3: each adds 1 to what it receives."""
        raise NotImplementedError

    def diamond(self):
        """first → left, right → last: 1; 2 and 3; their sum. Each calls ``pause`` if it can."""
        raise NotImplementedError

    def held(self):
        """The chain, with a second that calls ``reach_the_gate`` before it returns."""
        raise NotImplementedError

    flaky = None  # (delay): a task `flaky` that calls ``fail_once``, with 2 retries, delay s apart
    slow = None  # a task `slow` that sleeps 60 s and may last 1 s
    ordered = None  # first → later, which receives nothing
    choice = None  # choose → taken | left, of which `taken` is chosen
    mapped = None  # numbers → double, once for each of its [1, 2, 3] → total, their sum
    repeated = None  # a task `first` that returns 1 and may be answered from an earlier run
    adder = None  # a task `add` that returns 1 more than the run parameter `value`, by default 1
    asking = None  # ask, which asks a person (a pause of a flow), → later, which returns 1
    answer = None  # to that

    OF = {  # capability → the pipeline that says it
        "parameters": "adder",
        "retries": "flaky",
        "timeout": "slow",
        "order-only edges": "ordered",
        "skipped branch": "choice",
        "mapped tasks": "mapped",
        "growing graph": "mapped",
        "cached": "repeated",
    }

    @classmethod
    def spec(cls):
        return specs()[cls.engine]

    def name(self, task):
        """The task's name in a run."""
        return task


def needs(capability):
    """The test belongs to a capability."""
    return pytest.mark.needs(capability)


def pause():
    """What a task of a diamond does first, so that there is something to interrupt."""
    time.sleep(float(os.environ.get("CONTRACT_PAUSE", "0")))


def fail_once():
    """What a flaky task does: raise in the first attempt of a test, whatever process it is in."""
    flag = Path(os.environ["CONTRACT_FOLDER"], "tried")
    if not flag.exists():
        flag.touch()
        raise ConnectionError("no answer")


def reach_the_gate():
    """What a held task does: say that it is there, and wait until it may go on."""
    folder = Path(os.environ["CONTRACT_FOLDER"])
    (folder / "held").touch()
    while not (folder / "go").exists():
        time.sleep(0.02)


def until(true, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


def in_thread(function):
    thread = threading.Thread(target=function, daemon=True)
    thread.start()
    return thread


def joined(thread):
    thread.join(PATIENCE)
    assert not thread.is_alive()


def instances(run, task):
    """The names in a run of every instance of a task, in whatever group, loop or branch."""
    names = {name: re.sub(r"\[\d+\]", "", name).rpartition("/")[2] for name in run.states}
    of_task = [name for name, plain in names.items() if plain == task]
    return [name for name in of_task if "[" in name] or of_task


def refused(action):
    """The one line by which an action is refused."""
    with pytest.raises(PipelineError) as error:
        action()
    assert "\n" not in str(error.value)
    return str(error.value)


def assert_sound(run):
    """What is true of every run's record, on any engine."""
    from payloads import fits  # of the tests above, which `killed.py` does not see

    record = run.record
    assert [event for event in record.events if not fits(event)] == []
    assert [event.seq for event in record.events] == list(range(len(record)))
    expanded = {template_of(task) for task in run.states}
    assert set(record.graph.tasks) <= expanded | set(run.states)
    for task, state in run.states.items():
        attempts = record.attempts(task)
        assert [attempt.number for attempt in attempts] == list(range(1, len(attempts) + 1))
        assert all(attempt.start <= attempt.end for attempt in attempts if attempt.end is not None)
        if state == "success" and task in record.graph.tasks:
            assert_followed(record, task)
    loaded = Record.load(run.folder)
    assert loaded.states() == run.states
    for written, event in zip(loaded.events, record.events, strict=True):
        assert (written.seq, written.at) == (event.seq, event.at)
        assert (written.kind, written.task, written.attempt) == (
            event.kind,
            event.task,
            event.attempt,
        )


def assert_followed(record, task):
    """A task began when each upstream task that ran had ended."""
    for upstream in record.graph.upstream(task):
        ends = [attempt.end for attempt in record.attempts(upstream)]
        begins = [attempt.start for attempt in record.attempts(task)]
        if ends and begins:
            assert ends[-1] <= begins[-1]
