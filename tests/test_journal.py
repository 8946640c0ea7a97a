"""The file of a record can be trusted, whatever happened to who wrote it."""

import json
import os
import signal

import pytest
from recorded import RETRIED, recorded

from workbench import PipelineError, Record, Run


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


def line(**head):
    whole = {"schema": 1, "engine": "local", "seed": 1, "parameters": {}}
    return json.dumps(whole | {"graph": {"tasks": ["a"], "edges": []}} | head) + "\n"


def event(kind, detail=None, task="a", at=0.0):
    fields = {"seq": 0, "at": at, "task": task, "kind": kind, "attempt": 1, "detail": detail}
    return json.dumps(fields) + "\n"


NUMBERS = (float("nan"), float("inf"), -float("inf"), 1e300, 10**400, "1", True, [1])
ODD = [
    ("graph",),
    ("output", {"file": None}),
    ("injected", "raise"),
    ("retrying", {"error": None}),
    ("strange",),
    ("started", None, ["a"]),
    ("started", None, "a", "now"),
    ("failed", ["ValueError"]),
    ("failed", {"state": 3}),
    ("output", {"file": 3, "type": "int", "summary": "1", "digest": None, "problem": None}),
    ("log", {"file": None}),
    ("graph", {"tasks": "ab"}),
    ("graph", {"edges": [[1, 2]]}),
    ("graph", {"notes": {"a": {"retries": 1}}}),
    ("retrying", {"error": None, "delay": 1.0, "asks": {"options": [1]}}),
    *(("retrying", {"error": None, "delay": number}) for number in NUMBERS),
    *(("started", None, "a", number) for number in NUMBERS),
]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a record"),
        ("{}\n", "not a record"),
        ("[1, 2]\n", "not a record"),
        ('{"schema": 9}\n', "schema 9 is not 1"),
        *(
            (line(graph=graph), "not a record")
            for graph in ([], {"tasks": ["a"], "edges": [["a"]]})
        ),
        (line(parameters=3), "not a record"),
        (line() + event("graph", {"labels": [["a"]]}), "not a record"),
        (line() + event("graph", {"edges": [["a", "b"]]}), "'b' is not a task"),
        *((line() + event(*odd), "line 2 is no event of a run") for odd in ODD),
    ],
)
def test_a_file_that_is_no_record_is_named(tmp_path, text, words):
    (tmp_path / "x.jsonl").write_text(text)
    with pytest.raises(PipelineError, match=words):
        Record.load(tmp_path / "x.jsonl")


@pytest.mark.parametrize("said", [("succeeded", "by its own word"), ("retrying",), ("cached", "a")])
def test_what_an_engine_says_more_or_less_of_an_end_is_no_damage(tmp_path, said):
    (tmp_path / "x.jsonl").write_text(line() + event(*said))
    assert Record.load(tmp_path / "x.jsonl").events[0].detail == (said[1:] or (None,))[0]


@pytest.mark.parametrize("attempt", [*NUMBERS, None, -1, 1.5])
def test_an_attempt_that_begins_has_a_number(tmp_path, attempt):
    started = {**json.loads(event("started")), "attempt": attempt}
    (tmp_path / "x.jsonl").write_text(line() + json.dumps(started) + "\n")
    with pytest.raises(PipelineError, match="line 2 is no event of a run"):
        Record.load(tmp_path / "x.jsonl")


def test_a_number_with_more_digits_than_python_reads_is_no_json(tmp_path):
    (tmp_path / "x.jsonl").write_text(line() + '{"at": ' + "9" * 5000 + "}\n" + event("queued"))
    with pytest.raises(PipelineError, match="line 2 is not JSON"):
        Record.load(tmp_path / "x.jsonl")


def test_what_a_later_workbench_writes_beside_is_no_damage(tmp_path):
    later = {"error": "ValueError: no", "delay": 3, "since": "2027"}
    (tmp_path / "x.jsonl").write_text(line() + event("retrying", later))
    assert Record.load(tmp_path / "x.jsonl").events[0].detail == later


@pytest.mark.parametrize("damaged", [lambda lines: lines[:3] + lines[4:], lambda lines: lines * 2])
def test_a_line_that_is_missing_or_stands_there_twice_is_told(tmp_path, damaged):
    path = recorded(*RETRIED).save(tmp_path / "r.jsonl")
    head, *events = path.read_text().splitlines(keepends=True)
    path.write_text("".join([head, *damaged(events)]))
    with pytest.raises(PipelineError, match=r"line \d+ has event \d+ in the place of \d+"):
        Record.load(path)


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


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_what_would_be_read_for_ever_is_no_record(tmp_path, make):
    make(tmp_path / "endless")
    with pytest.raises(PipelineError, match="endless: not a record of a run"):
        Record.load(tmp_path / "endless")
