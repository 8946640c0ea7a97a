"""What a pipeline is given, and what its tasks receive: parameters, constants, outputs."""

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbench.engines.kubeflow.artifact import Artifact, digest_of
from workbench.engines.kubeflow.spec import TYPES, Dag, Spec, Task, is_artifact, type_name
from workbench.graph import PipelineError
from workbench.record import Record

_ABSENT = object()  # no value yet, or never; None is a value
_INPUT = re.compile(r"\{\{\$\.inputs\.parameters\[['\"]+(.+?)['\"]+\]\}\}")
_RUN = re.compile(r"\{\{\$\.(pipeline_\w+|workspace_path)\}\}")  # of the run and the task


def bound(spec: Spec, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a run, defaults included; raise PipelineError for one that does not fit."""
    for key in parameters:
        if key not in spec.accepts:
            described = [f"{name} ({type_name(kind)})" for name, kind in spec.accepts.items()]
            raise PipelineError(
                f"{key!r} is not a parameter of pipeline {spec.name!r} "
                f"(parameters: {', '.join(described) or 'none'})"
            )
    values = {}
    for key, definition in spec.accepts.items():
        if key in parameters:
            values[key] = _checked(key, parameters[key], definition)
        elif "defaultValue" in definition:
            values[key] = exact(definition["defaultValue"], definition)
        elif not definition.get("isOptional"):
            kind = type_name(definition)
            raise PipelineError(f"pipeline {spec.name!r} needs {key!r} ({kind}): run(…, {key}=…)")
    return values


def _checked(key: str, value: Any, definition: dict) -> Any:
    kind = TYPES.get(definition.get("parameterType"))
    kinds = {None: (str, Path, Artifact), float: (int, float)}.get(kind, kind)
    # a bool is an int in Python, and is none in a specification
    flag_for_number = isinstance(value, bool) and kind in (int, float)
    if flag_for_number or not isinstance(value, kinds):
        wanted = type_name(definition)
        if kind is None:
            wanted = f"the path of a {wanted}"
        raise PipelineError(
            f"parameter {key!r} is to be {wanted}, not {type(value).__name__} {value!r}"
        )
    return str(value) if isinstance(value, Path) else value


def exact(value: Any, definition: dict) -> Any:
    """A value of a specification, whose numbers are all floating, with the integers that a cluster
    makes of them, inside lists and dictionaries too."""
    if isinstance(value, list):
        return [exact(item, {}) for item in value]
    if isinstance(value, dict):
        return {key: exact(item, {}) for key, item in value.items()}
    if definition.get("parameterType") == "NUMBER_DOUBLE":
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _as_text(value: Any, definition: dict) -> Any:
    """What a component receives where it asks for text and something else comes: a cluster makes
    JSON of it."""
    if definition.get("parameterType") != "STRING" or value is None or isinstance(value, str):
        return value
    return json.dumps(value, default=repr)


def filed(key: str, value: Any, definition: dict) -> Any:
    """A path given for an artifact, as the artifact; any other value as it is."""
    if not is_artifact(definition) or not isinstance(value, (str, Path)):
        return value
    path = Path(value)
    return Artifact(type_name(definition), key, str(path.absolute()), digest=digest_of(path))


@dataclass(frozen=True)
class Frame:
    """A DAG inside a run: ``prefix`` begins the paths of its tasks, ``given`` are its inputs."""

    dag: Dag
    prefix: str
    given: Mapping[str, Any]

    def inside(self, name: str, values: Mapping[str, Any]) -> "Frame":
        """The frame of a group or a nested pipeline that receives ``values``."""
        return Frame(self.dag.tasks[name].dag, f"{self.prefix}{name}/", values)

    def iteration(self, name: str, values: Mapping[str, Any], number: int) -> "Frame":
        """The frame of an iteration, with its item; raise PipelineError where there is no list."""
        task = self.dag.tasks[name]
        given = {**values, task.iterator["itemInput"]: items_of(task, values)[number]}
        return Frame(task.dag, f"{self.prefix}{name}[{number}]/", given)


@dataclass(frozen=True)
class Values:
    """Reads a run's ``outputs`` the way the specification says, from the outermost frame on."""

    root: Frame
    record: Record
    folder: Path
    outputs: Mapping[str, Any]

    def at(self, path: str) -> dict[str, Any]:
        """What the task with this path receives; the template of one in a loop gets no item."""
        return self.received(*self._place(path))

    def filled(self, path: str, value: Any) -> Any:
        """A constant of this task's own, with what its placeholders stand for."""
        frame, leaf = self._place(path)
        return self._filled(
            exact(value, {}), self.received(frame, leaf), self._facts(frame, frame.dag.tasks[leaf])
        )

    def _place(self, path: str) -> tuple[Frame, str]:
        frame = self.root
        *groups, leaf = path.split("/")
        for group in groups:
            name, _, number = group.rstrip("]").partition("[")
            values = self.received(frame, name)
            if number:
                frame = frame.iteration(name, values, int(number))
            else:
                frame = frame.inside(name, values)
        return frame, leaf

    def received(self, frame: Frame, name: str) -> dict[str, Any]:
        """The inputs of one task, as far as there are values for them."""
        task = frame.dag.tasks[name]
        constants = {key for key, source in task.sources.items() if source.kind == "constant"}
        values: dict[str, Any] = {}
        # Constants last: they may name other inputs, also such as the component does not accept.
        for key in sorted({**task.accepts, **task.sources}, key=constants.__contains__):
            value = self._input(frame, task, key, values)
            if value is not _ABSENT:
                values[key] = value
        return {
            key: value if task.dag else _as_text(value, task.accepts[key])
            for key, value in values.items()
            if key in task.accepts
        }

    def _input(self, frame: Frame, task: Task, key: str, others: Mapping[str, Any]) -> Any:
        definition, source = task.accepts.get(key, {}), task.sources.get(key)
        if source is None:
            return exact(definition.get("defaultValue", _ABSENT), definition)
        match source.kind:
            case "constant":
                constant = exact(source.value, definition)
                return self._filled(constant, others, self._facts(frame, task))
            case "input":
                value = frame.given.get(source.name, _ABSENT)
            case "status":
                value = self._final_status(frame, source.name)
            case "task":
                value = self._output(frame.dag, frame.prefix, source.name, source.key)
        if source.part and value is not _ABSENT:
            return (json.loads(value) if isinstance(value, str) else value)[source.part]
        return value

    def _facts(self, frame: Frame, task: Task) -> dict[str, str]:
        """Placeholder → what it stands for; a job's id and resource name are its name here."""
        name, job = task.spec.get("taskInfo", {}).get("name", ""), self.folder.name
        begun = datetime.fromtimestamp((self.folder / "run").stat().st_mtime, UTC)
        moment = begun.strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            **dict.fromkeys(("pipeline_job_name", "pipeline_job_resource_name"), job),
            "pipeline_job_uuid": job,
            "pipeline_task_name": name,
            "pipeline_task_uuid": f"{job}/{frame.prefix}{name}",
            "pipeline_root": str(self.folder),
            "pipeline_job_create_time_utc": moment,
            "pipeline_job_schedule_time_utc": moment,
            "workspace_path": str(self.folder / "workspace"),
        }

    def _filled(self, value: Any, others: Mapping[str, Any], facts: Mapping[str, str]) -> Any:
        """A constant with the placeholders of other inputs, the run and the workspace replaced."""
        if isinstance(value, list):
            return [self._filled(item, others, facts) for item in value]
        if isinstance(value, dict):
            pairs = [self._filled(list(pair), others, facts) for pair in value.items()]
            return dict(pairs)
        if not isinstance(value, str) or "{{$." not in value:
            return value

        def text_of(match: re.Match) -> str:
            other = others.get(match[1])
            return other if isinstance(other, str) else json.dumps(other, default=repr)

        text = _INPUT.sub(text_of, value)
        return _RUN.sub(lambda match: facts.get(match[1], match[0]), text)

    def _output(self, dag: Dag, prefix: str, name: str, key: str) -> Any:
        """Output ``key`` of a component, of a group, or of every iteration of a loop, as a list."""
        task, path = dag.tasks[name], prefix + name
        if task.iterator:
            return self._collected(task.dag, path, key)
        if task.dag:
            return self._chosen(task.dag, path + "/", key)
        try:
            value = self.outputs[path]
        except KeyError:
            return _ABSENT
        if len(task.makes) > 1:
            value = value.get(key, _ABSENT)
        return filed(key, value, task.makes[key])

    def _collected(self, dag: Dag, path: str, key: str) -> list:
        iteration = re.compile(re.escape(path) + r"\[(\d+)\]")
        numbers = {int(match[1]) for leaf in self.outputs if (match := iteration.match(leaf))}
        values = [self._chosen(dag, f"{path}[{number}]/", key) for number in sorted(numbers)]
        values = [value for value in values if value is not _ABSENT]
        items = [item for value in values if isinstance(value, list) for item in value]
        # Of lists of artifacts kfp makes one flat list, of lists of values a list of lists.
        return items if any(isinstance(item, Artifact) for item in items) else values

    def _chosen(self, dag: Dag, prefix: str, key: str) -> Any:
        """Output ``key`` of a DAG: of the first that has one, where a OneOf chooses."""
        for name, inner in dag.outputs[key]:
            value = self._output(dag, prefix, name, inner)
            if value is not _ABSENT:
                return value
        return _ABSENT

    def _final_status(self, frame: Frame, name: str) -> dict[str, Any]:
        """What an exit task is told of the group that it follows."""
        path = frame.prefix + name
        inside = (path + "/", path + "[")
        failed = [
            f"{leaf}: {self.record.error(leaf)}"
            for leaf, state in self.record.states().items()
            if state == "failed" and (leaf == path or leaf.startswith(inside))
        ]
        return {
            # A cluster's word; kfp's documentation has SUCCEEDED, as the managed service says.
            "state": "FAILED" if failed else "COMPLETE",
            "pipelineJobResourceName": self.folder.name,
            "pipelineTaskName": frame.dag.tasks[name].spec["taskInfo"]["name"],
            "error": {"code": 1, "message": "; ".join(failed)} if failed else {},
        }


def items_of(task: Task, values: Mapping[str, Any]) -> list:
    """What a loop goes over; raise PipelineError when that is no list."""
    items = values.get(task.items) if task.items else task.iterator["items"]["raw"]
    with contextlib.suppress(json.JSONDecodeError):
        items = json.loads(items) if isinstance(items, str) else items
    if not isinstance(items, list):
        name = task.spec["taskInfo"]["name"]
        raise PipelineError(f"a loop goes over a list, and {name!r} was given {items!r}")
    return items
