"""Why a task stands where it stands, on graphs drawn from a seed, run, broken and steered."""

import itertools
import random
import re
from dataclasses import dataclass

import pytest

from workbench import Pipeline, PipelineError, Record, Run, why
from workbench.graph import Graph
from workbench.steering.reasons import reasons

CITED = re.compile(r"(\w[\w\[\]/]*) (?:has|is|was|could|succeeded|failed)[^():;,]*\(event (\d+)\)")


@dataclass(frozen=True)
class Plan:
    """A pipeline, and what is known of each task before it runs: how often it fails."""

    pipeline: Pipeline
    failures: dict[str, int]
    retries: dict[str, int]

    def fails(self, task):
        return self.failures[task] > self.retries[task]


def planned(seed):
    """Four to nine tasks; about a third of them fail once or for good."""
    chance, pipeline = random.Random(seed), Pipeline("drawn")
    failures, retries = {}, {}
    for number in range(chance.randint(4, 9)):
        name = f"t{number}"
        upstream = [f"t{other}" for other in range(number) if chance.random() < 0.35]
        failures[name] = chance.choice([0, 0, 0, 0, 1, 2, 9])
        retries[name] = chance.choice([0, 0, 1, 2])
        body = failing(name, failures[name])
        pipeline.task(after=upstream, retries=retries[name])(body)
    return Plan(pipeline, failures, retries)


def failing(name, times):
    left = [times]

    def body():
        left[0] -= 1
        if left[0] >= 0:
            raise ValueError(f"{name} is broken")

    body.__name__ = name
    return body


def roots(record, task):
    """By graph and order alone: which failed tasks one that could not run went back to when that
    was decided; what failed only afterwards had no part in it."""
    decided = record.of(task)[-1].seq
    earlier = [up for up in record.graph.upstream(task) if record.of(up)[-1].seq < decided]
    found = {up for up in earlier if record.state_of(up) == "failed"}
    blocked = (up for up in earlier if record.state_of(up) == "upstream_failed")
    return found.union(*(roots(record, up) for up in blocked))


def proved(record, plan):
    """Compare what is told of every task with what its plan and graph say."""
    graph, states = record.graph, record.states()
    for task, state in states.items():
        first, *more = reasons(record, task)
        text = why(record, task)
        assert text.count(". ") <= 1, text
        for name, seq in CITED.findall(text):
            assert record.events[int(seq)].task == name, (text, record.events[int(seq)])
        if state == "failed":
            assert plan.fails(task)
            assert first.kind == "failed"
            assert f"{task} is broken" in first.text
        elif state == "upstream_failed":
            assert {event.task for event in first.causes} == roots(record, task), text
        elif state == "success":
            assert first.kind == "ran"
            after = re.search(r"begun after (\w+) ", first.text)
            assert bool(after) == bool(graph.upstream(task))
            ends = {up: record.intervals(up)[-1][1] for up in graph.upstream(task)}
            assert not after or ends[after[1]] == max(ends.values())
        attempts = len(record.attempts(task))
        told = [reason.text for reason in more if reason.kind == "repeated"]
        assert bool(told) == (attempts > 1)
        assert not told or f"It ran {attempts} times" in told[0]


def driven(seed):
    plan = planned(seed)
    execution = Run(plan.pipeline)
    execution.run_all()
    execution.close()
    return execution.record, plan


@pytest.mark.parametrize("seed", range(100))
def test_every_task_of_a_drawn_run_is_explained_as_its_plan_has_it(seed):
    proved(*driven(seed))


@pytest.mark.long
@pytest.mark.parametrize("block", range(10))
def test_every_task_of_a_thousand_runs_is_explained(block):
    for seed in range(1000 + block * 100, 1100 + block * 100):
        proved(*driven(seed))


def test_what_waits_says_for_what(training):
    execution = Run(training)
    assert why(execution.record, "fit") == "fit has not run, for it waits: clean has not run."
    assert why(execution.record, "collect") == (
        "collect has not run, though nothing upstream holds it back: nobody has let it begin."
    )
    execution.step()
    assert why(execution.record, "clean").startswith("clean has not run, though nothing")
    execution.close()


def test_what_was_asked_for_is_told(training):
    execution = Run(training)
    execution.inject("clean", "raise once")
    execution.run_all()
    [failed] = [event for event in execution.record.of("clean") if event.kind == "failed"]
    assert why(execution.record, "clean") == (
        f"clean failed (event {failed.seq}): InjectedFailure: injected into 'clean', "
        "on purpose: 'raise once' was injected (event 0)."
    )
    assert [event.task for event in reasons(execution.record, "report")[0].causes] == ["clean"]
    execution.retry("clean")
    assert "fit is stale: it was cleared" in why(execution.record, "fit")
    assert "with clean (event" in why(execution.record, "fit")
    execution.run_all()
    assert "It ran 2 times: attempt 2 because it was cleared to run again (event" in why(
        execution.record, "clean"
    )
    execution.close()


def test_a_stopped_run_and_a_replaced_output(training):
    execution = Run(training)
    execution.run_to("clean")
    execution.stop()
    execution.run_all()
    fork = execution.fork({"collect": [9]})
    [given] = [e for e in fork.record.of("collect") if e.kind == "output" and e.attempt is None]
    assert f"because the output of collect was replaced (event {given.seq})" in why(
        fork.record, "clean"
    )
    assert "did not run: its output was given to it" in why(fork.record, "collect")
    for run in (execution, fork):
        run.close()


GRAPH = Graph.of(["a", "b"], [("a", "b")])


def recorded(*events):
    record = Record(GRAPH)
    for at, kind, task, *more in events:
        record.append(kind, task, at, *more)
    return record


BEGUN = ((0.0, "started", None), (0.0, "queued", "a", 1), (0.0, "started", "a", 1))
ENDED = (*BEGUN, (1.0, "succeeded", "a", 1))


@pytest.mark.parametrize(
    ("events", "task", "text"),
    [
        ((*BEGUN,), "b", "b has not run, for it waits: a is running (event 2)."),
        ((*BEGUN, (1.0, "failed", "a", 1, "interrupted")), "a", "the workbench ended during it"),
        ((*BEGUN, (1.0, "failed", "a", 1, "stopped")), "a", "it was stopped while it ran"),
        ((*ENDED, (2.0, "stopped", None)), "b", "for the run was stopped (event 4)"),
        ((*ENDED, (2.0, "failed", None, None, "nothing starts b")), "b", "nothing starts b (event"),
        ((*ENDED, (1.0, "skipped", "b", None, "x == 1 is false")), "b", "x == 1 is false"),
        ((*ENDED, (1.0, "skipped", "b", 1)), "b", "by its own code in attempt 1"),
        (
            (*BEGUN, (1.0, "retrying", "a", 1, {"error": None, "delay": 5})),
            "a",
            "a found nothing (event 3) and looks again after 5 s.",
        ),
        (
            (*ENDED, (4.0, "queued", "b", 1), (4.0, "started", "b", 1)),
            "b",
            "began 3.0 s after a succeeded (event 3): nothing ran in between, and nobody let it",
        ),
        (
            (*ENDED, (1.0, "queued", "b", 1), (4.0, "started", "b", 1)),
            "b",
            "began 3.0 s after a succeeded (event 3): the engine took 3.0 s to start it",
        ),
        (
            (
                *BEGUN,
                (1.0, "retrying", "a", 1, {"error": "E: no", "delay": 5}),
                (6.0, "queued", "a", 2),
                (6.0, "started", "a", 2),
            ),
            "a",
            "of which 5 s are the delay that was asked for",
        ),
        ((*BEGUN, (1.0, "cached", "a", 1)), "a", "it ran before with the same inputs"),
    ],
)
def test_each_kind_of_reason_has_its_words(events, task, text):
    assert text in why(recorded(*events), task)


JOIN = Graph.of(["a", "b", "c"], [("a", "c"), ("b", "c")])
OVERLAPS = [  # the ends of a and b, the state of c, and which of the two has brought it there
    ("skipped", "failed", "skipped", "a"),  # b's end was not read by who decided
    ("skipped", "failed", "upstream_failed", "b"),  # it was
    ("failed", "skipped", "skipped", "b"),
    ("failed", "skipped", "upstream_failed", "a"),
]


@pytest.mark.parametrize("order", list(itertools.permutations("abc")))
@pytest.mark.parametrize(("first", "second", "decided", "guilty"), OVERLAPS)
def test_what_is_told_agrees_with_the_state_whatever_the_clocks_say(
    order, first, second, decided, guilty
):
    record, kinds = Record(JOIN), {"a": first, "b": second, "c": decided}
    for seq, task in enumerate(order):
        record.append(kinds[task], task, float(seq), None if task == "c" else 1)
    [cause] = reasons(record, "c")[0].causes
    assert cause == record.of(guilty)[-1]


NOTED = {"gate": {"gate": "skips what follows"}, "many": {"mapped": "one instance for each value"}}


@pytest.mark.parametrize(
    ("task", "text"),
    [
        ("behind", "behind was skipped (event 1): gate let nothing through (event 2)."),
        ("many", "many was skipped (event 3): it runs once for each value, and there was none."),
        ("lone", "lone was skipped (event 4): by the engine, which says no more."),
    ],
)
def test_what_the_engine_skips_without_a_word_is_explained(task, text):
    """A gate's end may be written down later than what it has let be skipped."""
    graph = Graph.of(["gate", "behind", "many", "lone"], [("gate", "behind")], notes=NOTED)
    record = Record(graph)
    record.append("started", "gate", 0.0, 1)
    record.append("skipped", "behind", 1.0)
    record.append("succeeded", "gate", 1.1, 1)
    record.append("skipped", "many", 1.2)
    record.append("skipped", "lone", 1.3)
    assert why(record, task) == text


def test_a_name_that_no_task_has_is_refused():
    with pytest.raises(PipelineError, match="'c' is not a task of this graph"):
        why(recorded(), "c")


def test_a_run_is_taken_for_its_record_and_nothing_else_is(training):
    execution = Run(training)
    execution.run_all()
    execution.close()
    [first, *_] = execution.states
    assert why(execution, first) == why(execution.record, first)
    with pytest.raises(PipelineError, match="why reads a Record or a Run, and this is a str"):
        why("record.jsonl", first)
