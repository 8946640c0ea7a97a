"""Argo workflows on this machine: the workbench decides from the workflow what runs, as Argo's
controller does, and each script or container is a process."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from workbench.capture import one_line
from workbench.engines.argo.drawing import Node, graph_of, tree
from workbench.engines.argo.expression import as_text, filled, tags_in
from workbench.engines.argo.leaf import Leaf, LeafFailed, names_of
from workbench.engines.argo.manifest import CONTROLLERS, Manifest, hindrances, read, unsaid
from workbench.engines.argo.visit import Visit
from workbench.engines.protocol import Decision, Outcome, Policy, Scheduled, Stopped, Ticket
from workbench.engines.sabotage import sabotage
from workbench.events import FAILED, FINISHED, STOPPED, Conclusion
from workbench.graph import PipelineError, template_of
from workbench.record import Record

_WORDS = {  # Argo's, where it has others
    "success": "Succeeded",
    "upstream_failed": "Omitted",
    "retrying": "Pending",
    "queued": "Pending",
}
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


class ArgoEngine(Scheduled):
    """One workflow."""

    name = "argo"

    def __init__(self, manifest: Manifest) -> None:
        self.title, self._manifest, spec = manifest.name, manifest, manifest.spec
        entry = spec.get("entrypoint")
        root = tree(manifest, entry, "")
        self._root = root if root.children else tree(manifest, entry, entry)
        handler = spec.get("onExit")
        after = "onExit" if handler in self._root.children else handler
        self._after = tree(manifest, handler, after) if handler else None
        self.graph = graph_of(self._root, self._after)
        nodes = [*self._root.leaves(), *(self._after.leaves() if self._after else ())]
        self._leaves: dict[str, Node] = {node.path: node for node in nodes}
        self._given: dict[str, dict[str, Any]] = {}
        self._running: dict[str, Leaf] = {}

    def bind(self, parameters: dict[str, Any]) -> dict[str, Any]:
        if self._manifest.spec.get("suspend"):
            raise PipelineError(f"workflow {self.title!r} begins suspended; take suspend out")
        for name in CONTROLLERS.keys() & self._manifest.spec.keys():
            does = CONTROLLERS[name]
            raise PipelineError(f"workflow {self.title!r} {does}; take {name} out of its spec")
        for node in (*self._root.all(), *(self._after.all() if self._after else ())):
            reason = next(chain(unsaid(node.call, node.template), _hidden(node)), None)
            if reason and node.path not in self.stood_in:
                raise PipelineError(f"workflow {self.title!r}: {node.path or 'it'!r} {reason}")
        for path, leaf in self._leaves.items():
            if reason := next(hindrances(leaf.template, path, self.stood_in), None):
                raise PipelineError(f"workflow {self.title!r}: task {path!r} {reason}")
        takes = {taken["name"]: taken for taken in self._takes()}
        for name in parameters:
            if name not in takes:
                listed = ", ".join(takes) or "none"
                raise PipelineError(f"{name!r}: workflow {self.title!r} takes {listed}")
        for name, one in takes.items():
            value = parameters.get(name, one.get("value", one.get("default")))
            if value is None:
                raise PipelineError(f"workflow {self.title!r}: the parameter {name!r} has no value")
            if one.get("enum") and as_text(value) not in map(as_text, one["enum"]):
                raise PipelineError(f"{name!r}: {value!r} is none of {one['enum']}")
        return parameters

    def _takes(self) -> list[dict[str, Any]]:
        return (self._manifest.spec.get("arguments") or {}).get("parameters") or []

    def begin(self, folder: Path, parameters: dict[str, Any], record: Record) -> None:
        self._folder, self._record = folder.absolute(), record
        values = {
            taken["name"]: parameters.get(taken["name"], taken.get("value", taken.get("default")))
            for taken in self._takes()
        }
        self._workflow = {f"workflow.parameters.{name}": one for name, one in values.items()}
        listed = [{"name": name, "value": as_text(one)} for name, one in values.items()]
        self._workflow["workflow.parameters"] = json.dumps(listed)
        self._workflow |= {"workflow.name": self.title, "workflow.uid": self._folder.name}

    def inputs(self, task: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
        visit = self._visited({**self._record.states(), task: "pending"}, outputs)
        return visit.given.get(task, {})

    def source(self, task: str) -> str | None:
        template = self._leaves[template_of(task)].template
        own = template.get("script") or template.get("container") or {}
        return (
            own.get("source")
            or " ".join(map(str, [*own.get("command", ()), *own.get("args", ())]))
            or None
        )

    def words(self, task: str) -> str | None:
        state = self._record.state_of(task)
        return _WORDS.get(state, (state or "").capitalize())

    def _visited(self, states: Mapping[str, str], outputs: Mapping[str, Any]) -> Visit:
        visit = Visit(self.graph, states, outputs)
        visit.state = visit.workflow(self._root, self._after, self._workflow)
        return visit

    def decide(self, states: Mapping[str, str], among: Iterable[str]) -> Decision:
        visit = self._visited(states, self._record.outputs)
        return Decision(tuple(visit.ready), tuple(visit.changes))

    def ready_at(self, states: Mapping[str, str], outputs: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(self._visited(states, outputs).ready)

    def conclusion(self, states: Mapping[str, str]) -> tuple[str, Conclusion | None] | None:
        if not set(states.values()) <= FINISHED:
            return None
        state = self._visited(states, self._record.outputs).state
        return ("failed" if state in FAILED else "succeeded"), None

    def policy(self, task: str, tries: int = 1) -> Policy:
        template = self._leaves[template_of(task)].template
        retry = template.get("retryStrategy") or {}
        backoff = retry.get("backoff") or {}
        delay = _seconds(backoff.get("duration", 0)) * float(backoff.get("factor") or 1) ** (
            tries - 1
        )
        limits = [template.get("activeDeadlineSeconds"), template.get("timeout")]
        limit = next((_seconds(filled(one, self._workflow, task)) for one in limits if one), None)
        return Policy(int(retry.get("limit", 0)), delay, limit)

    def execute(self, ticket: Ticket) -> Outcome:
        policy = self.policy(ticket.task, ticket.tries)
        suspend = self._leaves[template_of(ticket.task)].template.get("suspend")
        if suspend is not None and not (ticket.stand_in or ticket.injection) and ticket.number == 1:
            return Outcome("retrying", delay=_seconds(suspend["duration"]))
        try:
            return Outcome(
                "succeeded", sabotage(ticket, lambda: self._run(ticket, policy), policy.timeout)
            )
        except Stopped:
            return Outcome("failed", error=STOPPED)
        except BaseException as error:
            own = isinstance(error, (LeafFailed, PipelineError))
            text = str(error) if own else one_line(error)
            ticket.log.write(f"{text}\n")
            kind = "retrying" if ticket.tries <= policy.retries else "failed"
            return Outcome(kind, error=text, delay=policy.delay)

    def _run(self, ticket: Ticket, policy: Policy) -> Any:
        template = self._leaves[template_of(ticket.task)].template
        if "suspend" in template:
            return dict.fromkeys(names_of(template)) or None
        values = {f"inputs.parameters.{name}": one for name, one in ticket.inputs.items()}
        ended = self._visited(self._record.states(), self._record.outputs).ended
        values |= {
            **self._workflow,
            "workflow.status": ended,
            "pod.name": ticket.task,
            "retries": ticket.tries - 1,
        }
        leaf = self._running[ticket.task] = Leaf(ticket, template, values, self._folder)
        try:
            return leaf.run(policy.timeout)
        finally:
            leaf.kill()
            self._running.pop(ticket.task, None)

    def cancel(self, ticket: Ticket) -> None:
        if leaf := self._running.get(ticket.task):
            leaf.kill()


def _seconds(text: Any) -> float:
    """A duration as Kubernetes writes it: `30`, `"10s"`, `"1m30s"`."""
    import re

    parts = re.findall(r"([\d.]+)(ms|[smhd]?)", str(text))
    return sum(float(number) * _UNITS[unit or "s"] for number, unit in parts)


def adapt(thing: Any) -> ArgoEngine:
    """The engine for a workflow file or one of Hera's; raise PipelineError for what is none."""
    return ArgoEngine(read(thing))


def _hidden(node: Node) -> Iterator[str]:
    """Which of its steps reads what another one prints, where that has an output to be kept."""
    for tag in tags_in([child.call for child in node.children.values()]):
        name = tag.removesuffix(".outputs.result").partition(".")[2]
        read = node.children.get(name) if tag.endswith(".outputs.result") else None
        if read and len(names_of(read.template)) == 1:
            yield f"reads what {name!r} prints, which has an output beside it; read that"
