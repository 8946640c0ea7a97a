"""What is told of tasks beside what Airflow's scheduler decided, for each of its trigger rules."""

import random
import re
import time
from datetime import UTC, datetime

import pytest

from workbench import Run
from workbench.engines.airflow.engine import AirflowEngine
from workbench.engines.airflow.home import database
from workbench.engines.airflow.internals import process
from workbench.engines.protocol import Outcome
from workbench.events import STATE_OF
from workbench.steering.reasons import reasons

pytestmark = pytest.mark.usefixtures("airflow_home")

DECIDED = ("started", "failed", "skipped", "upstream_failed")
GOOD, BAD = {"success"}, {"failed", "upstream_failed"}


def blamed(rule, states):
    """By Airflow's documentation: the end without an attempt that a rule brings about for these
    states upstream (task → state), and the tasks that have brought it; None where it may start."""
    of = {
        kind: {task for task, state in states.items() if state in kinds}
        for kind, kinds in (("good", GOOD), ("bad", BAD), ("skipped", {"skipped"}))
    }
    good, bad, skipped, everything = of["good"], of["bad"], of["skipped"], set(states)
    match rule:
        case "all_success":
            return ("upstream_failed", bad) if bad else ("skipped", skipped) if skipped else None
        case "all_failed":
            return ("skipped", good | skipped) if good | skipped else None
        case "all_done" | "always":
            return None
        case "one_success":
            if skipped == everything:
                return "skipped", skipped
            return None if good else ("upstream_failed", bad | skipped)
        case "one_failed":
            return None if bad else ("skipped", good | skipped)
        case "one_done":
            ran = {task for task, state in states.items() if state in ("success", "failed")}
            return None if ran else ("skipped", everything)
        case "none_failed":
            return ("upstream_failed", bad) if bad else None
        case "none_failed_min_one_success":
            if bad:
                return "upstream_failed", bad
            return ("skipped", skipped) if skipped == everything else None
        case "none_skipped":
            return ("skipped", skipped) if skipped else None
        case "all_skipped":
            return ("skipped", good | bad) if good | bad else None
        case "all_done_min_one_success":
            if skipped:
                return "skipped", skipped
            return None if good else ("upstream_failed", bad)
    raise AssertionError(rule)


RULES = (
    *("all_success", "all_failed", "all_done", "always", "one_success", "one_failed", "one_done"),
    *("none_failed", "none_failed_min_one_success", "none_skipped", "all_skipped"),
    "all_done_min_one_success",
)


class Decided(AirflowEngine):
    """Every decision is Airflow's; a task's end is put where its worker would have written it."""

    def __init__(self, dag, ends):
        super().__init__(dag)
        self._ends = ends

    def execute(self, ticket):
        ticket.begun(time.time())
        with process.ENDING, database() as session:
            instance = self._run.instance(session, *self.structure.address(ticket.task))
            instance.start_date = instance.end_date = datetime.now(UTC)
            instance.state = self._ends[ticket.task]
            end = instance.end_date.timestamp()
        kind = {"success": "succeeded"}.get(self._ends[ticket.task], self._ends[ticket.task])
        return Outcome(kind, error="it is broken" if kind == "failed" else None, end=end)


def drawn(seed):
    from airflow.providers.standard.operators.python import PythonOperator
    from airflow.sdk import DAG

    chance, ends = random.Random(seed), {}
    with DAG(f"drawn_{seed}", schedule=None) as dag:
        tasks = []
        for number in range(9):
            above = [task for task in tasks if chance.random() < 0.35]
            rule = chance.choice(RULES) if above else "all_success"
            name = f"t{number}"
            task = PythonOperator(task_id=name, python_callable=print, trigger_rule=rule)
            above and above >> task
            tasks.append(task)
            ends[name] = chance.choice(["success", "success", "failed", "skipped"])
    return Decided(dag, ends), {task.task_id: str(task.trigger_rule.value) for task in tasks}


def standing(record, task, decided):
    """Its state when something was decided. Airflow's clock does not say it: an end is dated
    before others can read it, and what is decided at once is dated one after the other."""
    earlier = [e for e in record.of(task) if e.kind in STATE_OF and e.seq < decided.seq]
    return STATE_OF[earlier[-1].kind] if earlier else "pending"


def named(text, tasks):
    """Whether the sentence names these tasks and no others, if not the last of many."""
    names = set(re.findall(r"t\d", text))
    more = re.search(r" and (\d+) more", text)
    return names <= tasks and len(names) + (int(more[1]) if more else 0) == len(tasks)


def proved(seed):
    engine, rules = drawn(seed)
    execution = Run(engine)
    execution.run_all()
    execution.close()
    record = execution.record
    for task in record.states():
        first = reasons(record, task)[0]
        above = record.graph.upstream(task)
        decided = next(event for event in record.of(task) if event.kind in DECIDED)
        states = {up: standing(record, up, decided) for up in above}
        end = blamed(rules[task], states) if above else None
        if end is None:
            assert first.kind in ("ran", "failed", "itself"), (seed, first)
            told = first.text.partition("although ")[2]
            amiss = {up for up, state in states.items() if state not in GOOD}
            assert first.kind != "ran" or named(told, amiss), (seed, first, amiss)
        else:
            state, guilty = end
            assert record.state_of(task) == state, (seed, task, states)
            told = first.text.partition(": ")[2].partition(" (trigger rule")[0]
            assert named(told.partition(", which")[0], guilty), (seed, first, states)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_each_decision_of_airflow_is_explained_by_its_rule(seed):
    proved(seed)


@pytest.mark.long
@pytest.mark.parametrize("block", range(10))
def test_each_decision_of_a_thousand_runs_is_explained(block):
    for seed in range(1000 + block * 100, 1100 + block * 100):
        proved(seed)
