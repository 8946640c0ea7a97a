"""Kubeflow pipelines on this machine: orchestrated from the compiled specification, one process for each component."""

import contextlib
import hashlib
import json
import pickle
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench.capture import one_line
from workbench.engines.kubeflow.artifact import Artifact, digest_of
from workbench.engines.kubeflow.component import Component, ComponentFailed, OnHost
from workbench.engines.kubeflow.spec import (
    ALWAYS,
    TYPES,
    Dag,
    Task,
    holds,
    read,
    readable,
    type_name,
)
from workbench.engines.protocol import Change, Decision, Outcome, Policy, Scheduled, Stopped, Ticket
from workbench.engines.sabotage import sabotage
from workbench.events import FINISHED
from workbench.graph import PipelineError, template_of

_ABSENT = object()
_PLACEHOLDER = re.compile(r"\{\{\$\.inputs\.parameters\[['\"]+(.+?)['\"]+\]\}\}")


def adapt(thing: Any) -> "KubeflowEngine":
    """The engine for a pipeline, a component, a compiled YAML file, or one of these on a host."""
    return KubeflowEngine(thing if isinstance(thing, OnHost) else OnHost(thing))


class KubeflowEngine(Scheduled):
    """Decides from the specification what runs, and lets kfp's executor run it."""

    name = "kubeflow"

    def __init__(self, host: OnHost) -> None:
        self.spec, self._host = read(host.pipeline), host
        self.title, self.graph = self.spec.name, self.spec.graph

    def bind(self, parameters: dict[str, Any]) -> dict[str, Any]:
        accepts, bound = self.spec.accepts, {}
        if unknown := [key for key in parameters if key not in accepts]:
            known = (
                ", ".join(f"{name} ({type_name(what)})" for name, what in accepts.items()) or "none"
            )
            raise PipelineError(
                f"{unknown[0]!r} is not a parameter of pipeline {self.title!r} (parameters: {known})"
            )
        for key, what in accepts.items():
            if key in parameters:
                bound[key] = _checked(key, parameters[key], what)
            elif "defaultValue" in what:
                bound[key] = _exact(what["defaultValue"], what)
            elif not what.get("isOptional"):
                raise PipelineError(
                    f"pipeline {self.title!r} needs {key!r} ({type_name(what)}): run(…, {key}=…)"
                )
        return bound

    def begin(self, folder: Path, parameters: dict[str, Any], record) -> None:
        self.parameters = {
            key: _filed(key, value, self.spec.accepts[key]) for key, value in parameters.items()
        }
        self._folder, self._record = folder.absolute(), record
        self._running: dict[str, Component] = {}

    def task(self, name: str) -> Task:
        """The task behind a leaf of the graph or an instance of one."""
        dag = self.spec.dag
        *groups, leaf = template_of(name).split("/")
        for group in groups:
            dag = dag.tasks[group].dag
        return dag.tasks[leaf]

    def policy(self, task: str, tries: int = 1) -> Policy:
        retry = self.task(task).spec.get("retryPolicy", {})
        delay = _seconds(retry, "backoffDuration", "0s") * float(retry.get("backoffFactor", 2)) ** (
            tries - 1
        )
        return Policy(
            int(retry.get("maxRetryCount", 0)),
            min(delay, _seconds(retry, "backoffMaxDuration", "3600s")),
        )

    def source(self, task: str) -> str | None:
        container = self.task(task).executor.get("container", {})
        words = [
            container.get("image", ""),
            *container.get("args", []),
            *container.get("command", []),
        ]
        return words[-1].partition("from typing import *")[2].strip() or "\n".join(words) or None

    def words(self, task: str) -> str | None:
        state = self._record.state_of(task)
        return {"success": "SUCCEEDED", "upstream_failed": "NOT_TRIGGERED"}.get(
            state, state.upper()
        )

    # What a task receives

    def inputs(self, task: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
        dag, values, prefix = self.spec.dag, self.parameters, ""
        for part in task.split("/"):
            name, _, number = part.partition("[")
            values = self.values(dag.tasks[name], dag, prefix, values, outputs)
            if number:
                values[dag.tasks[name].iterator["itemInput"]] = items_of(dag.tasks[name], values)[
                    int(number[:-1])
                ]
            dag, prefix = dag.tasks[name].dag, f"{prefix}{part}/"
        return values

    def values(
        self, task: Task, dag: Dag, prefix: str, given: Mapping, outputs: Mapping
    ) -> dict[str, Any]:
        """The inputs of one task of ``dag`` as far as they are known; constants last, for they may name the others."""
        known: dict[str, Any] = {}
        both = {
            **task.accepts,
            **task.sources,
        }  # a constant may name inputs that the component does not accept
        for key in sorted(
            both, key=lambda key: key in task.sources and task.sources[key].kind == "constant"
        ):
            value, what, source = _ABSENT, task.accepts.get(key, {}), task.sources.get(key)
            if source is None:
                value = _exact(what["defaultValue"], what) if "defaultValue" in what else _ABSENT
            elif source.kind == "constant":
                value = self._filled(_exact(source.name, what), known)
            elif source.kind == "status":
                value = self._final_status(prefix + source.name, dag.tasks[source.name])
            elif source.kind == "input":
                value = given.get(source.name, _ABSENT)
            else:
                value = self._output(dag, prefix, source.name, source.key, outputs)
            if source and source.part and value is not _ABSENT:
                value = (json.loads(value) if isinstance(value, str) else value)[source.part]
            if value is not _ABSENT:
                known[key] = value
        return {key: value for key, value in known.items() if key in task.accepts}

    def _filled(self, value: Any, known: Mapping[str, Any]) -> Any:
        """A constant with the placeholders of other inputs, of the run and of the workspace replaced."""
        if isinstance(value, list):
            return [self._filled(item, known) for item in value]
        if isinstance(value, dict):
            return {key: self._filled(item, known) for key, item in value.items()}
        if not isinstance(value, str) or "{{$." not in value:
            return value
        values = {
            key: item if isinstance(item, str) else json.dumps(item, default=repr)
            for key, item in known.items()
        }
        text = _PLACEHOLDER.sub(lambda found: values.get(found[1], "null"), value)
        text = text.replace("{{$.workspace_path}}", str(self._folder / "workspace"))
        return re.sub(r"\{\{\$\.pipeline_\w+\}\}", self._folder.name, text)

    def _output(self, dag: Dag, prefix: str, name: str, key: str, outputs: Mapping) -> Any:
        """Output ``key`` of a component, of a group, or of every iteration of a loop, as a list."""
        task, path = dag.tasks[name], prefix + name
        if task.iterator:
            numbers = {
                int(found[1])
                for leaf in outputs
                if (found := re.match(re.escape(path) + r"\[(\d+)\]", leaf))
            }
            values = [
                self._chosen(task.dag, f"{path}[{number}]/", key, outputs)
                for number in sorted(numbers)
            ]
            values = [value for value in values if value is not _ABSENT]
            nested = any(
                isinstance(value, list) and value and isinstance(value[0], Artifact)
                for value in values
            )
            return [item for value in values for item in value] if nested else values
        if task.dag:
            return self._chosen(task.dag, path + "/", key, outputs)
        try:
            value = outputs[path] if len(task.makes) == 1 else outputs[path].get(key, _ABSENT)
        except KeyError:
            return _ABSENT
        return _filed(key, value, task.makes[key])

    def _chosen(self, dag: Dag, prefix: str, key: str, outputs: Mapping) -> Any:
        found = (
            self._output(dag, prefix, name, inner, outputs) for name, inner in dag.outputs[key]
        )
        return next((value for value in found if value is not _ABSENT), _ABSENT)

    def _final_status(self, path: str, task: Task) -> dict[str, Any]:
        inside = [
            name
            for name in self._record.states()
            if name.startswith((path + "/", path + "[")) or name == path
        ]
        failed = [
            f"{name}: {self._record.error(name)}"
            for name in inside
            if self._record.state_of(name) == "failed"
        ]
        return {
            "state": "FAILED" if failed else "SUCCEEDED",
            "pipelineJobResourceName": self._folder.name,
            "pipelineTaskName": task.spec["taskInfo"]["name"],
            "error": {"code": 1, "message": "; ".join(failed)} if failed else {},
        }

    # What runs next

    def decide(self, states: Mapping[str, str], among: Iterable[str]) -> Decision:
        visit = _Visit(self, states, self._record.outputs)
        visit.dag(self.spec.dag, "", self.parameters, True)
        return Decision(tuple(visit.ready), tuple(visit.changes))

    def ready_at(self, states: Mapping[str, str]) -> tuple[str, ...]:
        return self.decide(states, states).ready

    # How a task runs

    def execute(self, ticket: Ticket) -> Outcome:
        task = self.task(ticket.task)
        try:
            key = self._cache_key(task, ticket)
            if key and ticket.number == 1 and (found := self._cached(key)):
                ticket.log.write(
                    f"the same component with the same inputs ran before: reused from {found[0]}\n"
                )
                return Outcome("cached", found[1])
            values = sabotage(ticket, lambda: self._run(task, ticket))
            value = (
                None
                if not values
                else values[next(iter(values))]
                if len(task.makes) == 1
                else values
            )
            if key:
                kept = self._folder / "cache" / key
                kept.parent.mkdir(exist_ok=True)
                kept.write_bytes(pickle.dumps((f"{self._folder.name}/{ticket.task}", value)))
            return Outcome("succeeded", value)
        except Stopped:
            return Outcome("failed", error="stopped")
        except Exception as error:
            text = (
                str(error)
                if isinstance(error, (ComponentFailed, PipelineError))
                else one_line(error)
            )
            if not getattr(error, "logged", False):
                ticket.log.write(text + "\n")
            policy = self.policy(ticket.task, ticket.tries)
            kind = "retrying" if ticket.tries <= policy.retries else "failed"
            return Outcome(kind, error=text, delay=policy.delay)

    def _run(self, task: Task, ticket: Ticket) -> dict[str, Any]:
        missing = [
            key
            for key, what in task.accepts.items()
            if key not in ticket.inputs and not what.get("isOptional")
        ]
        if missing:
            raise PipelineError(
                f"{ticket.task!r} needs {', '.join(missing)}, which nothing upstream has given"
            )
        if importer := task.executor.get("importer"):
            return {"artifact": _imported(importer, ticket)}
        folder = self._folder / "artifacts" / quote(ticket.task, safe="[]") / str(ticket.number)
        component = Component(ticket.task, task, folder, ticket.inputs, self._host, ticket.log)
        self._running[ticket.task] = component
        try:
            return component.run(kill=ticket.injection == "kill")
        finally:
            component.kill()
            self._running.pop(ticket.task, None)

    def cancel(self, ticket: Ticket) -> None:
        if component := self._running.get(ticket.task):
            component.kill()

    def _cache_key(self, task: Task, ticket: Ticket) -> str | None:
        """What an attempt computes, in one word: the component, its values, its files' content."""
        container = task.executor.get("container")
        if (
            ticket.injection
            or not container
            or not task.spec.get("cachingOptions", {}).get("enableCache")
        ):
            return None
        content = [container, task.makes, dict(ticket.inputs)]
        text = json.dumps(
            content, sort_keys=True, default=lambda artifact: [artifact.kind, artifact.digest]
        )
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def _cached(self, key: str) -> tuple[str, Any] | None:
        """Whose outputs can be reused: of this run, or of one whose folder lies beside it."""
        for kept in sorted(self._folder.parent.glob(f"*/cache/{key}")):
            whose, value = pickle.loads(kept.read_bytes())
            parts = value.values() if isinstance(value, dict) else [value]
            if all(part.unchanged for part in parts if isinstance(part, Artifact)):
                return whose, value
        return None


class _Visit:
    """One look over the whole pipeline: what may start, and what follows from what has ended."""

    def __init__(
        self, engine: KubeflowEngine, states: Mapping[str, str], outputs: Mapping[str, Any]
    ) -> None:
        self.engine, self.states, self.outputs = engine, states, outputs
        self.ready: list[str] = []
        self.changes: list[Change] = []
        self._under: dict[str, list[str]] = defaultdict(
            list
        )  # a group, a loop or an iteration → its leaves
        for name in states:
            parts = name.split("/")
            for path in ("/".join(parts[:end]) for end in range(1, len(parts) + 1)):
                self._under[path].append(name)
                if path.endswith("]"):
                    self._under[path.rpartition("[")[0]].append(name)

    def dag(self, dag: Dag, prefix: str, values: Mapping[str, Any], free: bool) -> str:
        """Visit the tasks of one DAG; nothing in it may start unless ``free``. Return its state."""
        ended: dict[str, str] = {}
        for name, task in dag.tasks.items():
            ended[name] = self._task(
                task, dag, prefix, name, values, {ended[up] for up in task.upstream}, free
            )
        return _together(ended.values())

    def _task(
        self,
        task: Task,
        dag: Dag,
        prefix: str,
        name: str,
        given: Mapping,
        upstream: set,
        free: bool,
    ) -> str:
        path = prefix + name
        if "pending" in upstream:
            return "pending"
        if task.trigger.get("strategy") != ALWAYS and upstream - {"success"}:
            return self._end(
                path, "upstream_failed" if upstream & {"failed", "upstream_failed"} else "skipped"
            )
        condition = task.trigger.get("condition")
        if not task.dag and not condition:
            return self._leaf(path, free)
        try:
            values = self.engine.values(task, dag, prefix, given, self.outputs)
            if condition and not holds(condition, values):
                return self._end(path, "skipped", f"{readable(condition)} is false")
            if task.iterator:
                return self._loop(task, path, values, items_of(task, values), free)
        except PipelineError as error:
            return self._end(path, "failed", str(error))
        return self.dag(task.dag, path + "/", values, free) if task.dag else self._leaf(path, free)

    def _leaf(self, path: str, free: bool) -> str:
        state = self.states[path]
        if free and state in ("pending", "retrying"):
            self.ready.append(path)
        return ("success" if state == "cached" else state) if state in FINISHED else "pending"

    def _end(self, path: str, state: str, why: str | None = None) -> str:
        self.changes += [
            Change(state, leaf, why) for leaf in self._under[path] if self.states[leaf] == "pending"
        ]
        return state

    def _loop(self, task: Task, path: str, values: dict, items: list, free: bool) -> str:
        paths = [f"{path}[{number}]" for number in range(len(items))]
        if new := [number for number, place in enumerate(paths) if place not in self._under]:
            self.changes.append(Change("graph", None, self._expanded(path, new, items)))
            return "pending"
        for leaf in self._under[path]:
            if self.states[leaf] == "pending" and not leaf.startswith(
                tuple(place + "/" for place in paths)
            ):
                self.changes.append(Change("skipped", leaf, "no such item"))
        begun = {
            place
            for place in paths
            if any(self.states[leaf] != "pending" for leaf in self._under[place])
        }
        room = task.spec.get("iteratorPolicy", {}).get("parallelismLimit") or len(items)
        ends = []
        for place, item in sorted(
            zip(paths, items, strict=True), key=lambda pair: pair[0] not in begun
        ):
            inner = {**values, task.iterator["itemInput"]: item}
            ends.append(
                self.dag(task.dag, place + "/", inner, free and (place in begun or room > 0))
            )
            room -= ends[-1] == "pending"
        return _together(ends)

    def _expanded(self, path: str, new: list[int], items: list) -> dict[str, Any]:
        """The instances of a loop's body for the items ``new``, with the edges, labels and notes of their templates."""
        graph, start = self.engine.graph, template_of(path) + "/"
        inside = [leaf for leaf in graph.tasks if leaf.startswith(start)]
        of = defaultdict(list)
        for name in self.states:
            if not name.startswith((path + "/", path + "[")):
                of[template_of(name)] += [name] if _same_iteration(name, path) else []
        tasks, edges, labels, notes = [], [], [], {}
        for number in new:
            here = {leaf: [f"{path}[{number}]/{leaf.removeprefix(start)}"] for leaf in inside}
            tasks += [name for names in here.values() for name in names]
            shown = json.dumps(items[number], default=repr)
            notes |= {here[leaf][0]: {**graph.notes[leaf], "item": shown[:60]} for leaf in inside}
            for up, down in graph.edges:
                if up in here or down in here:
                    pairs = [[a, b] for a in here.get(up, of[up]) for b in here.get(down, of[down])]
                    edges += pairs
                    labels += [
                        [*pair, graph.labels[up, down]]
                        for pair in pairs
                        if (up, down) in graph.labels
                    ]
        expands = [f"{path}/{leaf.removeprefix(start)}" for leaf in inside]
        return {
            "tasks": tasks,
            "edges": edges,
            "labels": labels,
            "notes": notes,
            "expands": expands,
        }


def _same_iteration(name: str, path: str) -> bool:
    """Whether two instances belong to the same iteration of every loop that both are in."""
    both = zip(name.split("/"), path.split("/"), strict=False)
    return all(
        a == b
        for a, b in takewhile(lambda pair: template_of(pair[0]) == template_of(pair[1]), both)
    )


def _together(states: Iterable[str]) -> str:
    found = set(states)
    return (
        "pending"
        if "pending" in found
        else "failed"
        if found & {"failed", "upstream_failed"}
        else "success"
    )


def items_of(task: Task, values: Mapping[str, Any]) -> list:
    """What a loop goes over; raise PipelineError when that is no list."""
    items = values.get(task.items) if task.items else task.iterator["items"]["raw"]
    with contextlib.suppress(json.JSONDecodeError):
        items = json.loads(items) if isinstance(items, str) else items
    if not isinstance(items, list):
        raise PipelineError(
            f"a loop goes over a list, and {task.spec['taskInfo']['name']!r} was given {items!r}"
        )
    return items


def _seconds(policy: dict, key: str, default: str) -> float:
    return float(policy.get(key, default).rstrip("s"))


def _checked(key: str, value: Any, what: dict) -> Any:
    kind = TYPES.get(what.get("parameterType"))
    fits = isinstance(value, (int, float) if kind is float else kind or (str, Path, Artifact))
    if not fits or (isinstance(value, bool) and kind in (int, float)):
        wanted = type_name(what) if kind else f"the path of a {type_name(what)}"
        raise PipelineError(
            f"parameter {key!r} is to be {wanted}, not {type(value).__name__} {value!r}"
        )
    return str(value) if isinstance(value, Path) else value


def _exact(value: Any, what: dict) -> Any:
    """A number of the specification, where all are floating, as the integer a cluster makes of it."""
    if isinstance(value, list):
        return [_exact(item, {}) for item in value]
    if isinstance(value, dict):
        return {key: _exact(item, {}) for key, item in value.items()}
    whole = (
        isinstance(value, float)
        and value.is_integer()
        and what.get("parameterType") != "NUMBER_DOUBLE"
    )
    return int(value) if whole else value


def _filed(key: str, value: Any, what: dict) -> Any:
    """A path given for an artifact, as the artifact."""
    if "artifactType" not in what or not isinstance(value, (str, Path)):
        return value
    return Artifact(
        type_name(what), key, str(Path(value).absolute()), digest=digest_of(Path(value))
    )


def _imported(importer: dict, ticket: Ticket) -> Artifact:
    uri = (importer["artifactUri"].get("constant") or ticket.inputs["uri"]).removeprefix("file://")
    kind = importer["typeSchema"].get("schemaTitle", "Artifact").rpartition(".")[2]
    if "://" in uri:
        ticket.log.write(f"{uri}: not on this machine; a component that opens it will fail here\n")
    elif not Path(uri).exists():
        raise PipelineError(f"{uri}: no such file or folder; an importer needs one that exists")
    else:
        uri = str(Path(uri).absolute())
    return Artifact(
        kind,
        "artifact",
        uri,
        importer.get("metadata", {}),
        ticket.task,
        {},
        digest_of(Path(uri), uri),
    )
