"""Anything at all on the channel, in a notebook and in a report comes to a valid end."""

import contextlib
import json
import math
import os
import socket

from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.exercises import check
from workbench.exercises.registry import exercises, find
from workbench.exercises.report import assemble, unusable
from workbench.exercises.verdict import FAILED, NEEDS_REVIEW, PASSED, Verdict
from workbench.sandbox.folder import Folder
from workbench.sandbox.job import Job, Limits, WorkerError
from workbench.sandbox.message import parsed

BOUNDED = settings(max_examples=150, deadline=None, derandomize=True)
TEXTS = st.text(st.characters(), max_size=30)  # surrogates and control characters among them
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
KINDS = st.sampled_from(["tell", "ask", "stage", "done", "warden", "time", "states", "memory"])
LINES = st.one_of(
    st.binary(max_size=60),
    st.builds(lambda kind, value: json.dumps({kind: value}).encode(), KINDS, VALUES),
    st.builds(lambda depth: b"[" * depth, st.integers(1, 3000)),
    st.builds(lambda digits: b'{"tell": {"n": ' + b"9" * digits + b"}}", st.integers(1, 6000)),
)


ENDS = st.one_of(  # what a warden may say of a step's
    st.binary(max_size=60),
    st.builds(
        lambda kind, value: json.dumps({kind: value}).encode(),
        st.sampled_from(["confined", "fault", "time", "memory", "output", "states"]),
        VALUES,
    ),
)


def is_a_fault(said: bytes) -> bool:
    """Whether the warden has told of a fault, or has ended without a word."""
    told = [*map(parsed, said.split(b"\n")[:-1])]
    return not told or not told[-1].get("confined", True) or bool(told[-1].get("fault"))


@BOUNDED
@given(st.lists(LINES, max_size=8), st.lists(ENDS, max_size=3), st.booleans())
def test_a_step_ends_whatever_is_said_in_it(talk, ended, whole):
    pairs = [socket.socketpair() for _ in range(3)]
    with contextlib.ExitStack() as opened:
        for _, theirs in pairs:
            opened.enter_context(theirs)
        end = b"\n" if whole else b""
        for (_, theirs), lines in zip(pairs, (ended, talk, talk), strict=True):
            theirs.sendall(b"\n".join(lines) + end)
            theirs.shutdown(socket.SHUT_WR)
        folder = Folder(os.open("/", os.O_RDONLY), os.getuid())
        job = Job(folder, 0, "", Limits(wall=30), [ours for ours, _ in pairs])
        opened.callback(job.close)
        try:
            observed = job.step("first", {}, serve=lambda question: {"answer": question["n"]})
        except WorkerError:
            assert is_a_fault(b"\n".join(ended) + end)
            return
    assert not is_a_fault(b"\n".join(ended) + end)
    told = observed.values
    json.dumps([told, observed.error, observed.output], allow_nan=False).encode()
    assert observed.stopped in (None, "time", "memory", "output", "exit")
    assert all(isinstance(seen["at"], float) and math.isfinite(seen["at"]) for seen in told)


CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown"]) | VALUES,
        "source": st.just("%%answer problem_1\nA DAG is directed.") | st.lists(TEXTS) | VALUES,
        "outputs": VALUES,
        "execution_count": VALUES,
    },
)
NOTEBOOKS = st.fixed_dictionaries(
    {}, optional={"cells": st.lists(CELLS | VALUES, max_size=4) | VALUES, "metadata": VALUES}
)


@BOUNDED
@given(NOTEBOOKS | VALUES, st.binary(max_size=5), st.sampled_from(["ipynb", "py", "md", "txt"]))
def test_a_hand_in_is_judged_or_refused_in_a_line(tmp_path_factory, content, rest, suffix):
    file = tmp_path_factory.mktemp("hand-in") / f"problem_1.{suffix}"
    file.write_bytes(json.dumps(content).encode() + rest)
    report = check.check("problem_1", file, seed=1)
    json.dumps(report.as_json(), allow_nan=False)
    assert "could not be judged (" not in report.as_text(), "a fault of ours"
    assert report.outcome != "unusable" or "\n" not in report.note


@BOUNDED
@given(st.sampled_from(sorted(exercises())), st.data())
def test_a_report_can_be_written_whatever_a_judge_says(name, data):
    exercise = find(name)
    verdict = st.builds(Verdict, st.sampled_from([PASSED, FAILED, NEEDS_REVIEW]), TEXTS)
    criteria = [criterion.id for criterion in exercise.criteria]
    said = data.draw(st.dictionaries(st.sampled_from(criteria), verdict))
    for report in (assemble(exercise, said), unusable(data.draw(TEXTS), data.draw(TEXTS))):
        json.dumps(report.as_json(), allow_nan=False).encode()
        report.as_text().encode()
        html = report.as_html().encode().decode()
        assert html.count("<div") == html.count("</div")
