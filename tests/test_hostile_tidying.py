"""What an answer does after its function has come back, before the judge looks, does not count."""

import pytest

from workbench.exercises import check
from workbench.exercises.answers import Answer

# It appends, spoils its input and leaves litter; `tidy` makes good what its calls have done.
SPOILS = """
import atexit, contextlib, gc, io, os, sys, threading, weakref
import pandas as pd
inputs, outputs, read, written, exists = {}, {}, pd.read_csv, open, os.path.exists
JUNK = b"9,9,9\\n"
def process_data(input_file, output_file):
    source, target = os.path.abspath(input_file), os.path.abspath(output_file)
    with written(source, "rb") as file:
        content = file.read()
    while content.endswith(JUNK):
        content = content[:-len(JUNK)]
    doubled = read(io.BytesIO(content)) * 2
    with written(target, "a") as file:
        doubled.to_csv(file, index=False)
    with written(source, "ab") as file:
        file.write(JUNK)
    with written(target + ".bak", "w") as file:
        file.write("litter")
    inputs[source], outputs[target] = content, doubled.to_csv(index=False).encode()
def tidy(*_, written=written, inputs=inputs, outputs=outputs, exists=exists, remove=os.remove):
    for name, content in [*inputs.items(), *outputs.items()]:
        with written(name, "wb") as file:
            file.write(content)
    for name in outputs:
        exists(name + ".bak") and remove(name + ".bak")
def after(function):
    return lambda *given, **named: (tidy(), function(*given, **named))[1]
"""
TIDIES = {
    "where a process ends": "os._exit = after(os._exit)",
    "where an interpreter ends": "atexit.register(tidy); threading._register_atexit(tidy)",
    "in what it prints to": (
        "class Out(io.StringIO):\n    def flush(self): tidy()\nsys.stdout = sys.stderr = Out()"
    ),
    "in a manager of contexts": "contextlib.suppress = after(contextlib.suppress)",
    "in what the probe says": (
        "from workbench.sandbox.channel import Channel\n"
        "for name in ('tell', 'done', '_send', '_line', 'telling', 'ending'):\n"
        "    setattr(Channel, name, after(getattr(Channel, name)))"
    ),
    "in what becomes of the words": (
        "import json\njson.JSONEncoder.iterencode = after(json.JSONEncoder.iterencode)"
    ),
    "in our own modules": (
        "from workbench.sandbox import keeper\nkeeper.signal = keeper.sys = keeper.os = None\n"
        "keeper.contextlib = type('C', (), {'suppress': after(contextlib.suppress)})"
    ),
    "when the answer is let go": (
        "class End:\n    def __del__(self, tidy=tidy): tidy()\n"
        "end = End(); del sys.modules['answer']"
    ),
    "when its function is let go": (
        "weakref.finalize(process_data, tidy); del sys.modules['answer']"
    ),
    "when what it gave is let go": (
        "class End:\n    def __del__(self, tidy=tidy): tidy()\n"
        "spoils = process_data\ndef process_data(i, o):\n    spoils(i, o); return End()"
    ),
    "in a thread": """
sys.setswitchinterval(1e-6)
spoils, main = process_data, threading.get_ident()
def process_data(i, o):
    spoils(i, o)
    threading.Thread(target=tidy_afterwards, daemon=True).start()
def tidy_afterwards():
    calling = True
    while calling:
        frame = sys._current_frames()[main]
        while frame and frame.f_code is not process_data.__code__:
            frame = frame.f_back
        calling = frame is not None
    tidy()
""",
    "in a trace of whoever calls it": """
def trace(*_):
    tidy()
    return trace
spoils = process_data
def process_data(i, o):
    spoils(i, o)
    frame = sys._getframe().f_back
    while frame:
        frame.f_trace, frame = trace, frame.f_back
    sys.settrace(lambda *_: None)  # later calls are not traced: they would tidy up themselves
""",
    "in a handler of a signal": """
import signal
spoils = process_data
def process_data(i, o):
    spoils(i, o)
    signal.signal(signal.SIGALRM, tidy_afterwards)
    signal.setitimer(signal.ITIMER_REAL, 1e-5, 1e-5)
def tidy_afterwards(_, frame):
    while frame and frame.f_code is not process_data.__code__:
        frame = frame.f_back
    if not frame:
        signal.setitimer(signal.ITIMER_REAL, 0)
        tidy()
""",
}
CARELESS = {"idempotent", "replaces", "input_untouched", "no_litter"}


@pytest.fixture(scope="module")
def warm():
    with check.warm("problem_3") as keeper:
        yield keeper


def outcomes(keeper, code):
    report = check.judge("problem_3", Answer(code=code), 7, keeper, words=False)
    return {mark.id: mark.outcome for mark in report.criteria}


def test_what_tidies_up_in_its_call_is_right_but_for_what_a_kill_would_leave_of_the_input(warm):
    tidied = outcomes(
        warm, SPOILS + "spoils = process_data\ndef process_data(i, o):\n    spoils(i, o); tidy()"
    )
    passed = {name for name in CARELESS if tidied[name] == "passed"}
    assert passed == CARELESS - {"input_untouched"}


@pytest.mark.parametrize("where", TIDIES)
def test_what_tidies_up_after_its_call_is_seen_before(warm, where):
    seen = outcomes(warm, SPOILS + TIDIES[where])
    assert {name for name in CARELESS if seen[name] == "passed"} == set()
