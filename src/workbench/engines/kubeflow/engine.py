"""Kubeflow pipelines on this machine: the workbench decides from the compiled specification what
runs, and kfp's executor runs it, a process for each component."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench.capture import one_line
from workbench.engines.kubeflow.artifact import Artifact, digest_of
from workbench.engines.kubeflow.cache import Cache
from workbench.engines.kubeflow.cluster import hindrances, unknown_end
from workbench.engines.kubeflow.compiled import read
from workbench.engines.kubeflow.component import Component, ComponentFailed, stood_in, tried
from workbench.engines.kubeflow.host import OnHost
from workbench.engines.kubeflow.internals import authors_source
from workbench.engines.kubeflow.spec import Task, kind_of
from workbench.engines.kubeflow.values import Frame, Values, bound, filed
from workbench.engines.kubeflow.visit import decided
from workbench.engines.protocol import Decision, Outcome, Policy, Scheduled, Stopped, Ticket
from workbench.engines.sabotage import sabotage
from workbench.events import STOPPED
from workbench.graph import PipelineError, template_of
from workbench.record import Record

_WORDS = {"success": "SUCCEEDED", "upstream_failed": "NOT_TRIGGERED"}  # kfp's, where it has others

_REUSED = "the same component with the same inputs ran before: reused from"


def adapt(thing: Any) -> "KubeflowEngine":
    """The engine for a pipeline, a component, a compiled YAML file, or one of these on a host."""
    return KubeflowEngine(thing if isinstance(thing, OnHost) else OnHost(thing))


class KubeflowEngine(Scheduled):
    """One pipeline; ``host`` holds it and says what this machine lends it."""

    name = "kubeflow"

    def __init__(self, host: OnHost) -> None:
        self.spec, self._host = read(host.pipeline), host
        self.title, self.graph = self.spec.name, self.spec.graph
        self._running: dict[str, Component] = {}

    def bind(self, parameters: dict[str, Any]) -> dict[str, Any]:
        if not self.title:
            raise PipelineError(
                f"{self._host.pipeline}: the pipeline has no name, and no cluster takes one "
                "without; write it into pipelineInfo"
            )
        values = bound(self.spec, parameters)
        if hindrance := next(hindrances(self.spec.dag, self._host, self.stood_in, values), None):
            raise PipelineError(f"pipeline {self.title!r}: {hindrance}")
        if reason := next(unknown_end(self.spec.accepts, values), None):
            raise PipelineError(f"pipeline {self.title!r} {reason}")
        return values

    def begin(self, folder: Path, parameters: dict[str, Any], record: Record) -> None:
        accepts = self.spec.accepts
        self.parameters = {
            name: filed(name, parameters[name], accepts[name]) for name in parameters
        }
        self._folder, self._record = folder.absolute(), record
        self._cache = Cache(self._folder, self.title)

    def task(self, name: str) -> Task:
        """The task behind a leaf of the graph or an instance of one."""
        dag = self.spec.dag
        *groups, leaf = template_of(name).split("/")
        for group in groups:
            dag = dag.tasks[group].dag
        return dag.tasks[leaf]

    def policy(self, task: str, tries: int = 1) -> Policy:
        """``delay`` is that after the attempt ``tries``: it grows from one to the next."""
        retry = self.task(task).retry
        first = float(retry.get("backoffDuration", "0s").rstrip("s"))
        most = float(retry.get("backoffMaxDuration", "3600s").rstrip("s"))
        delay = min(first * float(retry.get("backoffFactor", 2)) ** (tries - 1), most)
        return Policy(int(retry.get("maxRetryCount", 0)), delay)

    def inputs(self, task: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
        return self._values(outputs).at(task)

    def source(self, task: str) -> str | None:
        container = self.task(task).container
        command = container.get("command", [])
        words = [container.get("image", ""), *container.get("args", []), *command]
        return authors_source(words[-1]) or "\n".join(words) or None

    def words(self, task: str) -> str | None:
        state = self._record.state_of(task)
        return _WORDS.get(state, state.upper())

    def decide(self, states: Mapping[str, str], among: Iterable[str]) -> Decision:
        return decided(self.graph, self._values(self._record.outputs), states)

    def ready_at(self, states: Mapping[str, str], outputs: Mapping[str, Any]) -> tuple[str, ...]:
        return decided(self.graph, self._values(outputs), states).ready

    def _values(self, outputs: Mapping[str, Any]) -> Values:
        root = Frame(self.spec.dag, "", self.parameters)
        return Values(root, self._record, self._folder, outputs)

    def execute(self, ticket: Ticket) -> Outcome:
        try:
            return self._attempt(ticket)
        except Stopped:
            return Outcome("failed", error=STOPPED)
        except Exception as error:
            return self._failed(ticket, error)

    def alone(self, task: str, inputs: Mapping[str, Any]) -> Callable[[], Callable[[], Any]]:
        """The component by itself; what it leaves is its outputs' digests. See
        `workbench.trial.whole`."""
        if "importer" in self.task(task).executor:
            raise PipelineError("an importer runs nothing")
        host = replace(self._host, pipeline=None)  # what it holds cannot be sent
        return partial(partial, tried, self.task(task), task, dict(inputs), host)

    def cancel(self, ticket: Ticket) -> None:
        if component := self._running.get(ticket.task):
            component.kill()

    def _attempt(self, ticket: Ticket) -> Outcome:
        task = self.task(ticket.task)
        # What was sabotaged is nothing to keep, and a retry is there to run.
        key = None if ticket.injection or ticket.stand_in else self._cache.key(task, ticket.inputs)
        if key and ticket.number == 1:
            origin, outputs = self._cache.find(key, task, ticket.inputs)
            if origin:
                ticket.log.write(f"{_REUSED} {origin}\n")
                return Outcome("cached", _value(task, outputs))
        if ticket.stand_in:
            makes = self._folder / "outputs" / f"{quote(ticket.task, safe='[]')}.{ticket.number}"
            ticket = replace(ticket, stand_in=partial(stood_in, task, ticket, makes))
        outputs = sabotage(ticket, partial(self._run, task, ticket))
        if key:
            self._cache.keep(key, ticket.task, outputs)
        return Outcome("succeeded", _value(task, outputs))

    def _failed(self, ticket: Ticket, error: Exception) -> Outcome:
        own = isinstance(error, (ComponentFailed, PipelineError))
        text = str(error) if own else one_line(error)
        if not getattr(error, "logged", False):
            ticket.log.write(text + "\n")
        policy = self.policy(ticket.task, ticket.tries)
        kind = "retrying" if ticket.tries <= policy.retries else "failed"
        return Outcome(kind, error=text, delay=policy.delay)

    def _run(self, task: Task, ticket: Ticket) -> dict[str, Any]:
        """The outputs by name of an attempt in a process of its own, or of an importer."""
        if keys := ", ".join(key for key in task.needs if key not in ticket.inputs):
            raise PipelineError(f"{ticket.task!r} needs {keys}, which nothing upstream has given")
        if importer := task.executor.get("importer"):
            metadata = importer.get("metadata", {})
            told = self._values(self._record.outputs).filled(ticket.task, metadata)
            return {"artifact": _imported(importer, ticket, told)}
        component = Component(ticket, task, self._folder, self._host)
        self._running[ticket.task] = component
        try:
            return component.run(kill=ticket.injection == "kill")
        finally:
            component.kill()
            self._running.pop(ticket.task, None)


def _value(task: Task, outputs: dict[str, Any]) -> Any:
    """What stands in the record: the single output itself, several by name, None for none."""
    if len(task.makes) > 1:
        return outputs
    return next(iter(outputs.values()), None)


def _imported(importer: dict, ticket: Ticket, metadata: dict[str, Any]) -> Artifact:
    """The file that an importer names; raise PipelineError when it should be here and is not."""
    given = importer["artifactUri"].get("constant") or ticket.inputs["uri"]
    uri = given.removeprefix("file://")
    if "://" in uri:
        ticket.log.write(f"{uri}: not on this machine; a component that opens it will fail here\n")
    elif not Path(uri).exists():
        raise PipelineError(f"{uri}: no such file or folder; an importer needs one that exists")
    else:
        uri = str(Path(uri).absolute())
    kind = kind_of(importer["typeSchema"])
    digest = digest_of(Path(uri), uri)
    return Artifact(kind, "artifact", uri, metadata, ticket.task, digest=digest)
