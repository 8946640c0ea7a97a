"""One look over the whole workflow: what may start, and what follows from what has ended."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from workbench.engines.argo.drawing import Node, expanded
from workbench.engines.argo.expression import as_text, as_value, filled, holds
from workbench.engines.argo.leaf import made_by
from workbench.engines.protocol import Change
from workbench.events import FAILED, FINISHED, NO_ITEM
from workbench.graph import Graph, PipelineError

_WORDS = {
    "success": "Succeeded",
    "failed": "Failed",
    "skipped": "Skipped",
    "upstream_failed": "Omitted",
}
_DONE = ("success", "skipped")
Values = dict[str, Any]


class Visit:
    """Goes down the templates, upstream first. What a method returns is the state of what it
    visited, pending while it has not ended, and its outputs by their names in Argo."""

    def __init__(self, graph: Graph, states: Mapping[str, str], outputs: Mapping[str, Any]) -> None:
        self._graph, self._states, self._outputs = graph, states, outputs
        self.ready: list[str] = []
        self.changes: list[Change] = []
        self.ended = "Running"  # the status of the workflow, as its exit handler hears of it
        self.given: dict[str, Values] = {}  # leaf → what it receives, by name

    def workflow(self, root: Node, after: Node | None, values: Values) -> str:
        """Visit all; give the state of the workflow."""
        arguments = {
            "parameters": [
                {"name": n.rpartition(".")[2], "value": v}
                for n, v in values.items()
                if n.startswith("workflow.parameters.")
            ]
        }
        state, _ = self._single(
            root, root.path, {**root.call, "arguments": arguments}, values, values
        )
        if after is None or state == "pending":
            return state
        self.ended = _WORDS["failed" if state in FAILED else "success"]
        values = {**values, "workflow.status": self.ended}
        handled, _ = self._single(after, after.path, after.call, values, values)
        if handled == "pending":
            return handled
        return "failed" if handled in FAILED else state

    def _called(self, node: Node, path: str, scope: Values, workflow: Values) -> tuple[str, Values]:
        """A step or task whose turn it is."""
        try:
            if node.loop:
                return self._loop(node, path, scope, workflow)
            return self._one(node, path, scope, workflow)
        except PipelineError as error:
            return self._end(path, "failed", str(error)), {}

    def _one(self, node: Node, path: str, scope: Values, workflow: Values) -> tuple[str, Values]:
        if "when" in node.call:
            condition = filled(str(node.call["when"]), scope, path)
            if not holds(condition, as_value, path):
                return self._end(path, "skipped", f"{condition} is false"), {}
        return self._single(node, path, node.call, scope, workflow)

    def _single(
        self, node: Node, path: str, call: Mapping[str, Any], scope: Values, workflow: Values
    ) -> tuple[str, Values]:
        given = _received(node, path, call, scope)
        if node.children:
            state, inner = self._group(node, path, {**workflow, **given}, workflow)
            return state, _group_outputs(
                node, path, {**given, **inner}
            ) if state == "success" else {}
        names = ("inputs.parameters.", "inputs.artifacts.")
        plain = {n.removeprefix(p): v for n, v in given.items() for p in names if n.startswith(p)}
        self.given[path] = {
            name: as_value(v) if isinstance(v, str) else v for name, v in plain.items()
        }
        state = self._states.get(path, "pending")
        if state in ("pending", "retrying") and path in self._states:
            self.ready.append(path)
        if state not in FINISHED:
            return "pending", {}
        state = "success" if state == "cached" else state
        return state, made_by(node.template, self._outputs[path]) if state == "success" else {}

    def _group(self, node: Node, path: str, scope: Values, workflow: Values) -> tuple[str, Values]:
        kind, prefix = ("tasks" if node.kind == "dag" else "steps"), f"{path}/" if path else ""
        ended: dict[str, str] = {}
        for name, child in node.children.items():
            states = {up: ended[up] for up in node.waits[name]}
            if "pending" in states.values():
                ended[name] = "pending"
            elif _may_run(node, child, states, prefix + name):
                ended[name], outputs = self._called(child, prefix + name, scope, workflow)
                about = {"status": _WORDS.get(ended[name], "Pending"), "name": name, **outputs}
                scope = {**scope, **{f"{kind}.{name}.{key}": one for key, one in about.items()}}
            else:
                blocked = any(state in FAILED for state in states.values())
                ended[name] = self._end(prefix + name, "upstream_failed" if blocked else "skipped")
        spoilt = [
            n for n, state in ended.items() if state in FAILED and not _goes_on(node.children[n])
        ]
        if "pending" in ended.values():
            return "pending", scope
        return "failed" if self._counts(node, spoilt, ended) else "success", scope

    def _counts(self, node: Node, spoilt: list[str], ended: Mapping[str, str]) -> bool:
        """Whether failures spoil their group. In a DAG the tasks at its ends tell, and one that was
        left out tells what those before it have come to."""
        if node.kind != "dag":
            return bool(spoilt)

        def spoils(name: str) -> bool:
            if ended[name] in ("skipped", "upstream_failed"):
                return any(map(spoils, node.waits[name]))
            return ended[name] == "failed"

        inner = {up for ups in node.waits.values() for up in ups}
        ends = [name for name in node.children if name not in inner]
        return any(spoils(name) and not _goes_on(node.children[name]) for name in ends)

    def _loop(self, node: Node, path: str, scope: Values, workflow: Values) -> tuple[str, Values]:
        items = _items(node, path, scope)
        names = [f"{path}[{number}]" for number in range(len(items))]
        new = {n: items[n] for n, name in enumerate(names) if not self._has(name)}
        if new:
            self.changes.append(
                Change("graph", None, expanded(self._graph, self._states, path, new))
            )
            return "pending", {}
        for leaf in self._leaves(path):
            if self._states[leaf] == "pending" and not leaf.startswith(
                tuple(f"{n}" for n in names)
            ):
                self.changes.append(Change("skipped", leaf, NO_ITEM))
        results = [
            self._called(_without_loop(node), name, {**scope, **_of_item(item)}, workflow)
            for name, item in zip(names, items, strict=True)
        ]
        states = {state for state, _ in results}
        if "pending" in states:
            return "pending", {}
        if states & FAILED:
            return "failed", {}
        return ("skipped" if states == {"skipped"} else "success"), _together(
            [o for _, o in results if o]
        )

    def _has(self, path: str) -> bool:
        return any(leaf == path or leaf.startswith(f"{path}/") for leaf in self._states)

    def _leaves(self, path: str) -> list[str]:
        return [n for n in self._states if n == path or n.startswith((f"{path}/", f"{path}["))]

    def _end(self, path: str, state: str, reason: str | None = None) -> str:
        """Decide a whole group without running it; what has ended in it stays as it is."""
        pending = [leaf for leaf in self._leaves(path) if self._states[leaf] == "pending"]
        self.changes += [Change(state, leaf, reason) for leaf in pending]
        return state


def _goes_on(node: Node) -> bool:
    return bool((node.call.get("continueOn") or {}).get("failed"))  # an error is of a cluster


def _may_run(node: Node, child: Node, states: Mapping[str, str], path: str) -> bool:
    """Whether what it waits for, all of it ended, lets it run."""
    if "depends" not in child.call:
        return all(state in _DONE or _goes_on(node.children[up]) for up, state in states.items())

    def atom(word: str) -> bool:
        name, _, wanted = word.partition(".")
        state = _WORDS[states[name]]
        return state == wanted if wanted else state in ("Succeeded", "Skipped")

    return holds(child.call["depends"], atom, path)


def _received(node: Node, path: str, call: Mapping[str, Any], scope: Values) -> Values:
    """The inputs of a template, by their names in it."""
    arguments, inputs, given = call.get("arguments") or {}, node.template.get("inputs") or {}, {}
    for parameter in inputs.get("parameters") or ():
        sent = next(
            (a for a in arguments.get("parameters") or () if a["name"] == parameter["name"]), {}
        )
        value = sent.get("value", parameter.get("value", parameter.get("default")))
        if value is None:
            raise PipelineError(f"{path}: the parameter {parameter['name']!r} has no value")
        given[f"inputs.parameters.{parameter['name']}"] = filled(value, scope, path)
    for artifact in inputs.get("artifacts") or ():
        sent = next(
            (a for a in arguments.get("artifacts") or () if a["name"] == artifact["name"]), artifact
        )
        if sent.get("raw"):
            given[f"inputs.artifacts.{artifact['name']}"] = {
                "raw": filled(sent["raw"]["data"], scope, path)
            }
        elif "from" in sent:
            given[f"inputs.artifacts.{artifact['name']}"] = filled(sent["from"], scope, path)
        elif not artifact.get("optional"):
            raise PipelineError(f"{path}: the artifact {artifact['name']!r} is given by nothing")
    return given


def _group_outputs(node: Node, path: str, scope: Values) -> Values:
    outputs, made = node.template.get("outputs") or {}, {}
    for parameter in outputs.get("parameters") or ():
        source = parameter.get("valueFrom", {})
        value = filled(source.get("parameter", source.get("default")), scope, path)
        made[f"outputs.parameters.{parameter['name']}"] = value
    for artifact in outputs.get("artifacts") or ():
        made[f"outputs.artifacts.{artifact['name']}"] = filled(artifact["from"], scope, path)
    return made


def _items(node: Node, path: str, scope: Values) -> list[Any]:
    given = filled(node.call[node.loop], scope, path)
    if node.loop == "withSequence":
        first = int(given.get("start", 0))
        last = int(given["end"]) if "end" in given else first + int(given["count"]) - 1
        step = 1 if last >= first else -1
        shape = given.get("format", "%d")
        return [shape % number for number in range(first, last + step, step)]
    items = as_value(given) if isinstance(given, str) else given
    if not isinstance(items, list):
        raise PipelineError(f"{path}: {node.loop} is no list, but {as_text(given)[:60]}")
    return items


def _of_item(item: Any) -> Values:
    keys = {f"item.{key}": one for key, one in item.items()} if isinstance(item, dict) else {}
    return {"item": item, **keys}


def _without_loop(node: Node) -> Node:
    call = {key: one for key, one in node.call.items() if key != node.loop}
    return Node(node.path, call, node.template, node.children, node.waits)


def _together(outputs: Iterable[Values]) -> Values:
    """The outputs of all items: a list for each, and all parameters together."""
    several = list(outputs)
    keys = dict.fromkeys(key for item in several for key in item)
    lists = {
        key: json.dumps([as_value(as_text(item[key])) for item in several if key in item])
        for key in keys
    }
    start = "outputs.parameters."
    all_of = [
        {k.removeprefix(start): as_text(v) for k, v in item.items() if k.startswith(start)}
        for item in several
    ]
    return {**lists, "outputs.parameters": json.dumps(all_of)}
