"""What is told of tasks beside what pipelines do: conditions, groups, loops, exit tasks, retries;
drawn from a seed, and decided a second time by what kfp documents."""

import random
import re
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
import yaml

from workbench import Run
from workbench.engines.kubeflow.engine import KubeflowEngine
from workbench.engines.kubeflow.host import OnHost
from workbench.engines.protocol import Outcome
from workbench.steering.reasons import reasons

GOOD, BAD = {"success"}, {"failed", "upstream_failed"}
AMISS = {*BAD, "skipped"}
OUTPUT = {"parameters": {"Output": {"parameterType": "NUMBER_INTEGER"}}}
WHENEVER = {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}


@dataclass
class Plan:
    """``tasks``: in order, what each waits for and what is in it, if it is a group; ``ends``: how
    every attempt of a leaf ends, and what it returns."""

    tasks: dict[str, dict]
    fails: dict[str, bool]
    value: dict[str, int]
    retries: dict[str, int]
    states: dict[str, str] = field(default_factory=dict)
    roots: dict[str, set[str]] = field(default_factory=dict)


def leaf(chance, plan, path, name, above, ignores=False):
    plan.fails[path] = chance.random() < 0.25
    plan.value[path] = chance.randint(0, 9)
    plan.retries[path] = chance.choice([0, 0, 1, 2])
    spec = {"componentRef": {"name": "comp-leaf"}, "taskInfo": {"name": name}}
    spec |= {"dependentTasks": sorted(above)} if above else {}
    spec |= {"triggerPolicy": WHENEVER} if ignores else {}
    spec |= {"retryPolicy": {"maxRetryCount": plan.retries[path]}} if plan.retries[path] else {}
    return spec


def drawn(seed):
    """Six to nine tasks, of which some are groups of one to three: under a condition over an
    earlier leaf, in a loop, or guarded by a task that runs however they end."""
    chance, plan = random.Random(seed), Plan({}, {}, {}, {})
    document = {"comp-leaf": {"executorLabel": "exec", "outputDefinitions": OUTPUT}}
    specs, leaves = {}, []
    for number in range(chance.randint(6, 9)):
        name = f"t{number}"
        above = {other for other in specs if chance.random() < 0.3}
        kind = chance.choice(["leaf", "leaf", "leaf", "condition", "loop", "guarded"])
        ignores = bool(above) and kind == "leaf" and chance.random() < 0.25
        entry = {"above": above, "kind": kind, "ignores": ignores}
        if kind == "leaf":
            specs[name] = leaf(chance, plan, name, name, above, ignores)
            leaves.append(name)
        else:
            entry["inside"] = grouped(chance, plan, name, document)
            specs[name] = group(chance, entry, name, above, leaves)
        plan.tasks[name] = entry
        if kind == "guarded":
            last = f"{name}-exit"
            specs[last] = leaf(chance, plan, last, last, {name}, True)
            plan.tasks[last] = {"above": {name}, "kind": "leaf", "ignores": True}
    return whole(document, specs), plan


def grouped(chance, plan, name, document):
    """The tasks of a group: each waits for some before it; their component is put down."""
    inside, specs = {}, {}
    for number in range(chance.randint(1, 3)):
        inner = f"i{number}"
        inside[inner] = {other for other in inside if chance.random() < 0.5}
        specs[inner] = leaf(chance, plan, f"{name}/{inner}", inner, inside[inner])
    definitions = {"parameters": {"x": {"parameterType": "NUMBER_INTEGER"}}}
    document[f"comp-{name}"] = {"dag": {"tasks": specs}, "inputDefinitions": definitions}
    return inside


def group(chance, entry, name, above, leaves):
    spec = {"componentRef": {"name": f"comp-{name}"}, "taskInfo": {"name": name}}
    if entry["kind"] == "condition" and leaves:
        entry["source"], entry["limit"] = chance.choice(leaves), chance.randint(2, 7)
        above.add(entry["source"])
        output = {"outputParameterKey": "Output", "producerTask": entry["source"]}
        spec["inputs"] = {"parameters": {"x": {"taskOutputParameter": output}}}
        condition = f"int(inputs.parameter_values['x']) > {entry['limit']}"
        spec["triggerPolicy"] = {"condition": condition}
    if entry["kind"] == "loop":
        entry["items"] = list(range(chance.randint(0, 3)))
        raw = {"raw": yaml.safe_dump(entry["items"], default_flow_style=True).strip()}
        spec["parameterIterator"] = {"itemInput": "x", "items": raw}
    if above:
        spec["dependentTasks"] = sorted(above)
    return spec


def whole(components, tasks):
    executors = {"exec": {"container": {"image": "i", "command": ["echo"]}}}
    return {
        "components": components,
        "deploymentSpec": {"executors": executors},
        "pipelineInfo": {"name": "drawn"},
        "root": {"dag": {"tasks": tasks}},
        "schemaVersion": "2.1.0",
    }


class Planned(KubeflowEngine):
    """Every decision is the engine's; how an attempt ends is the plan's."""

    def __init__(self, document, plan, folder):
        path = folder / "drawn.yaml"
        path.write_text(yaml.safe_dump(document))
        super().__init__(OnHost(path))
        self._plan = plan

    def execute(self, ticket):
        ticket.begun(0)
        path = re.sub(r"\[\d+\]", "", ticket.task)
        if self._plan.fails[path]:
            return self._failed(ticket, ValueError(f"{path} is broken"))
        return Outcome("succeeded", self._plan.value[path])


def decide(plan):
    """The state that every leaf comes to, and the leaves that this goes back to."""
    ended = {}
    for name, entry in plan.tasks.items():
        above = {ended[other] for other in entry["above"]}
        if above - GOOD and not entry["ignores"]:
            bad = bool(above & BAD)
            kinds = BAD if bad else {"skipped"}
            guilty = {up for up in entry["above"] if ended[up] in kinds}
            state = "upstream_failed" if bad else "skipped"
            left_out(plan, name, entry, state, guilty)
            ended[name] = state
        elif "source" in entry and plan.value[entry["source"]] <= entry["limit"]:
            for inner in entry["inside"]:
                end(plan, f"{name}/{inner}", "skipped", {f"{name}/{inner}"})
            ended[name] = "skipped"
        elif "inside" in entry:
            ended[name] = went(plan, name, entry)
        else:
            ended[name] = "failed" if plan.fails[name] else "success"
            end(plan, name, ended[name], {name})
    return ended


def end(plan, path, state, roots):
    plan.states[path], plan.roots[path] = state, roots


def left_out(plan, name, entry, state, guilty):
    roots = set()
    for up in guilty:
        kinds = BAD if state == "upstream_failed" else {"skipped"}
        ends = {path for path in plan.states if path.split("[")[0].split("/")[0] == up}
        roots |= set().union(*(plan.roots[path] for path in ends if plan.states[path] in kinds))
    for path in [f"{name}/{inner}" for inner in entry.get("inside", ())] or [name]:
        end(plan, path, state, roots)


def went(plan, name, entry):
    """A group or every iteration of a loop that runs: each leaf by those before it in it."""
    if entry.get("items") == []:
        for inner in entry["inside"]:
            end(plan, f"{name}/{inner}", "skipped", {f"{name}/{inner}"})
        return "success"
    places = [f"{name}[{number}]" for number in entry["items"]] if "items" in entry else [name]
    for place in places:
        for inner, above in entry["inside"].items():
            bad = [f"{place}/{up}" for up in above if plan.states[f"{place}/{up}"] in BAD]
            path = f"{place}/{inner}"
            if bad:
                end(plan, path, "upstream_failed", set().union(*(plan.roots[p] for p in bad)))
            else:
                end(plan, path, "failed" if plan.fails[f"{name}/{inner}"] else "success", {path})
    inside = [plan.states[f"{place}/{inner}"] for place in places for inner in entry["inside"]]
    return "failed" if set(inside) & BAD else "success"


def proved(seed, folder):
    document, plan = drawn(seed)
    execution = Run(Planned(document, plan, folder), folder / f"run-{seed}")
    execution.run_all()
    execution.close()
    decide(plan)
    record = execution.record
    assert record.states() == plan.states, seed
    for task, state in plan.states.items():
        first, *more = reasons(record, task)
        case = SimpleNamespace(seed=seed, task=task, first=first)
        path = re.sub(r"\[\d+\]", "", task)
        if state == "failed":
            assert first.kind == "failed", case
            assert f"{path} is broken" in first.text, case
            told = [reason.text for reason in more if reason.kind == "repeated"]
            assert bool(told) == bool(plan.retries[path]), case
            assert not told or f"It ran {plan.retries[path] + 1} times" in told[0], case
        elif state == "success":
            assert first.kind == "ran", case
            told = set(re.findall(r"(\S+) (?:failed|was skipped|could not run) \(", first.text))
            amiss = {up for up in record.graph.upstream(task) if plan.states.get(up) in AMISS}
            if plan.tasks.get(task, {}).get("ignores"):
                assert told == amiss if len(amiss) <= 4 else told <= amiss, case
        elif plan.roots[task] == {task}:
            assert first.kind == "condition", case
            words = "is false" if "/" in task and "items" not in entry_of(plan, task) else "no such"
            assert words in first.text, case
        else:
            causes, roots = {event.task for event in first.causes}, plan.roots[task]
            # one leaf of a group tells as well as another why the group was skipped
            same = causes == roots if state == "upstream_failed" else causes and causes <= roots
            assert same, (case, roots)


def entry_of(plan, task):
    return plan.tasks[task.split("/")[0].split("[")[0]]


@pytest.mark.parametrize("seed", range(15))
def test_each_decision_of_a_drawn_pipeline_is_explained(seed, tmp_path):
    proved(seed, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("block", range(10))
def test_each_decision_of_a_thousand_pipelines_is_explained(block, tmp_path):
    for seed in range(1000 + block * 100, 1100 + block * 100):
        proved(seed, tmp_path)
