"""What is told of calls beside what Prefect did with them: retries, failures upstream by argument
and by order, and failures that are allowed; drawn from a seed, and decided by a plan."""

import random
import re
from dataclasses import dataclass, field

import pytest
from test_reasons import roots

from workbench import Run
from workbench.steering.reasons import reasons

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.slow]


@dataclass
class Call:
    """One call: what it receives, what it only waits for, whether it takes failures as they are,
    how often its body fails, and how often it is tried again."""

    received: list[str]
    awaited: list[str]
    allows: bool
    failures: int
    retries: int
    state: str = ""
    roots: set[str] = field(default_factory=set)


def planned(seed):
    chance, calls = random.Random(seed), {}
    for number in range(chance.randint(4, 8)):
        above = [other for other in calls if chance.random() < 0.4]
        received = [other for other in above if chance.random() < 0.7]
        awaited = [other for other in above if other not in received]
        allows, failures = chance.random() < 0.25, chance.choice([0, 0, 0, 1, 2, 9])
        call = Call(received, awaited, allows, failures, chance.choice([0, 0, 1, 2]))
        bad = [calls[up] for up in above if calls[up].state in ("failed", "upstream_failed")]
        name = f"t{number}"
        if bad and not allows:
            call.state, call.roots = "upstream_failed", set().union(*(up.roots for up in bad))
        else:
            failed = failures > call.retries
            call.state, call.roots = ("failed" if failed else "success"), {f"{name}[0]"}
        calls[name] = call
    return calls


def flow_of(calls):
    from prefect import allow_failure, flow, task

    def body_of(name, left):
        def body(*above):
            if left:
                left.pop()
                raise ValueError(f"{name} is broken")
            return name

        return task(body, name=name, retries=calls[name].retries)

    tasks = {name: body_of(name, [None] * call.failures) for name, call in calls.items()}

    @flow
    def drawn():
        futures = {}
        for name, call in calls.items():
            given = {up: allow_failure(f) if call.allows else f for up, f in futures.items()}
            above = [given[up] for up in call.received]
            awaited = [given[up] for up in call.awaited]
            futures[name] = tasks[name].submit(*above, wait_for=awaited)
        for future in futures.values():
            future.wait()

    return drawn


def proved(seed):
    calls = planned(seed)
    execution = Run(flow_of(calls))
    execution.run_all()
    execution.close()
    record = execution.record
    assert record.states() == {f"{name}[0]": call.state for name, call in calls.items()}, seed
    for name, call in calls.items():
        task = f"{name}[0]"
        first, *more = reasons(record, task)
        case = (seed, task, first)
        if call.state == "failed":
            assert first.kind == "failed", case
            assert f"{name} is broken" in first.text, case
        elif call.state == "success":
            assert first.kind == "ran", case
            assert ("begun after" in first.text) == bool(record.graph.upstream(task)), case
        else:
            causes = {event.task for event in first.causes}
            assert causes == roots(record, task), (case, call.roots)
            assert causes <= call.roots, (case, call.roots)
        tries = 0 if call.state == "upstream_failed" else min(call.failures, call.retries) + 1
        told = [reason.text for reason in more if reason.kind == "repeated"]
        assert bool(told) == (tries > 1), case
        assert not told or re.search(rf"It ran {tries} times", told[0]), case


@pytest.mark.parametrize("seed", range(6))
def test_each_call_of_a_drawn_flow_is_explained_as_its_plan_has_it(seed):
    proved(seed)


@pytest.mark.long
@pytest.mark.parametrize("block", range(10))
def test_each_call_of_a_thousand_flows_is_explained(block):
    for seed in range(1000 + block * 100, 1100 + block * 100):
        proved(seed)
