"""One attempt of one component, in a process of its own; what it is given and what it has made."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench import received
from workbench.capture import Log
from workbench.engines import processes
from workbench.engines.kubeflow import internals
from workbench.engines.kubeflow.artifact import Artifact, digest_of
from workbench.engines.kubeflow.host import OnHost, unpacked
from workbench.engines.kubeflow.spec import TYPES, Task, is_artifact, type_name
from workbench.engines.protocol import Ticket
from workbench.graph import PipelineError

_WRITTEN = "executor_output.json"  # by kfp's executor: what a function returned and logged
_EMPTY_IS_FINE = {"Metrics", "ClassificationMetrics", "SlicedClassificationMetrics"}


class ComponentFailed(Exception):
    """The error of a component, in one line; ``logged`` when its log has it already."""

    def __init__(self, text: str, logged: bool = False) -> None:
        super().__init__(text)
        self.logged = logged


@dataclass
class Component:
    """One attempt of ``task``: ``run`` calls it, ``kill`` ends it from another thread."""

    ticket: Ticket
    task: Task
    run_folder: Path
    host: OnHost
    process: subprocess.Popen | None = None
    ended: bool = False

    @property
    def folder(self) -> Path:
        """Where the attempt works and leaves its outputs."""
        task = quote(self.ticket.task, safe="[]")
        return self.run_folder / "artifacts" / task / str(self.ticket.number)

    def run(self, kill: bool = False) -> dict[str, Any]:
        """Give the outputs by name; raise ComponentFailed with the component's own error, and
        PipelineError for an output that is lacking. ``kill`` ends it right after its start."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self._start()
        if kill or self.ended:  # it may have been stopped before there was a process
            self.kill()
        code = self.process.wait()
        self.kill()  # what it started and left behind
        if (command := self.folder / "command.json").exists():
            received.write(
                self.ticket.log.path, {"command": json.loads(command.read_text("utf-8"))}
            )
        if code < 0:
            raise ComponentFailed(f"killed by {signal.Signals(-code).name}")
        if code:
            error = self.folder / "error"
            if error.exists():
                raise ComponentFailed(error.read_text(encoding="utf-8"), logged=True)
            raise ComponentFailed(f"exit code {code}")
        return outputs_in(self.folder, self.ticket.task, self.task, self.ticket.inputs)

    def kill(self) -> None:
        """End the process and everything it started."""
        self.ended = True
        if self.process:
            processes.end(self.process)

    def _start(self) -> None:
        container = self.task.container
        env = {item["name"]: item.get("value", "") for item in container.get("env", [])}
        command, python = container.get("command", []), sys.executable
        if internals.is_python_component(command):
            python = self.host.python(command, self.run_folder, self.ticket.log)
            call = self._function(command[-1], container["args"])
        else:
            call = self._container(container, env)
        received.write(self.ticket.log.path, {"arguments": self.ticket.inputs, "environment": env})
        call["input"] = executor_input(self.task, self.ticket.inputs, self.folder)
        (self.folder / "call.json").write_text(
            json.dumps(call, default=os.fspath), encoding="utf-8"
        )
        child = str(Path(__file__).with_name("child.py"))
        self.process = processes.begun(
            [python, "-P", "-u", child, str(os.getpid()), str(self.folder)],
            self.ticket.log.path,
            cwd=self.folder,
            env={**os.environ, **env, **internals.RUNTIME},
        )

    def _function(self, source: str, arguments: list[str]) -> dict[str, Any]:
        """What the process of a Python component is told."""
        function = internals.function_in(arguments)
        (self.folder / f"{function}.py").write_text(source, encoding="utf-8")
        return {"function": function, "load": internals.LOAD, "executor": internals.EXECUTOR}

    def _container(self, container: dict, env: dict[str, str]) -> dict[str, Any]:
        """What the process of a container component is told."""
        image = container["image"]
        context = self.host.images.get(image)
        return {
            "function": None,
            "placeholders": internals.PLACEHOLDERS,
            "task": self.ticket.task,
            "run": self.run_folder.name,
            "command": container.get("command", []),
            "args": container.get("args", []),
            "env": env,
            "image": image,
            "build": context and ["docker", "build", "-t", image, str(context)],
            "docker": self.host.docker,
            # the folder above the run's: inputs may lie in that of a run beside it
            "mount": str(self.run_folder.parent),
            "host": asdict(unpacked(context, self.folder / "image")),
        }


def tried(task: Task, name: str, inputs: Mapping[str, Any], host: OnHost) -> None:
    """Run a component by itself, beside the current folder, and leave in that, in one piece, a line
    for each output: its digest. What it writes elsewhere, it writes."""
    scratch = Path.cwd().with_name(f"scratch-{os.getpid()}")
    log = Log(scratch / "log")
    outputs = Component(Ticket(name, 1, 1, inputs, log), task, scratch, host).run()
    lines = [
        f"{key}: {getattr(value, 'digest', None) or value!r}\n" for key, value in outputs.items()
    ]
    (scratch / "outputs").write_text("".join(lines), encoding="utf-8")
    (scratch / "outputs").replace("outputs")


def executor_input(task: Task, inputs: Mapping[str, Any], folder: Path) -> dict:
    """kfp's ExecutorInput message as a dictionary; each output is to be written to ``folder``."""
    files, values = {}, {}
    for key, value in inputs.items():
        definition = task.accepts[key]
        if not is_artifact(definition):
            values[key] = value
            continue
        artifacts = value if isinstance(value, list) else [value]
        files[key] = _artifacts(definition, [(a.name, a.uri, a.metadata) for a in artifacts])
    blank, outputs = {}, {}
    for key, definition in task.makes.items():
        file = str(folder / key)
        if is_artifact(definition):
            blank[key] = _artifacts(definition, [(key, file, {})])
        else:
            outputs[key] = {"outputFile": file}
    made = {"parameters": outputs, "artifacts": blank, "outputFile": str(folder / _WRITTEN)}
    return {"inputs": {"parameterValues": values, "artifacts": files}, "outputs": made}


def outputs_in(folder: Path, name: str, task: Task, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs of the task called ``name``, by their names; raise PipelineError for what is
    lacking."""
    written = folder / _WRITTEN
    result = json.loads(written.read_text(encoding="utf-8")) if written.exists() else {}
    values, outputs, lacking = result.get("parameterValues", {}), {}, []
    for key, definition in task.makes.items():
        file, kind = folder / key, type_name(definition)
        if is_artifact(definition):
            artifact = _artifact(key, file, definition, result)
            if artifact:
                outputs[key] = replace(artifact, task=name, inputs=inputs)
            else:
                lacking.append(f"{key} ({kind}): write to {key}.path")
        elif file.exists():
            outputs[key] = _read(key, file.read_text(encoding="utf-8"), definition)
        elif key in values:
            outputs[key] = values[key]
        else:
            lacking.append(f"{key} ({kind}): return it")
    if lacking:
        raise PipelineError(f"the component ended well but wrote no output {'; '.join(lacking)}")
    return outputs


def _artifacts(definition: dict, described: list[tuple[str, str, Mapping]]) -> dict:
    """An ArtifactList message of (name, URI, metadata) triples."""
    keys, kind = ("name", "uri", "metadata"), {"type": definition["artifactType"]}
    return {"artifacts": [kind | dict(zip(keys, item, strict=True)) for item in described]}


def _artifact(key: str, file: Path, definition: dict, result: dict) -> Artifact | None:
    """The artifact at ``file``, or where the component says it is; None when it made none."""
    logged = result.get("artifacts", {}).get(key, {"artifacts": [{}]})["artifacts"][0]
    # Where `set_path` has put it; whoever receives it finds it there.
    uri = logged.get("custom_path") or logged.get("uri", str(file))
    metadata = logged.get("metadata", {})
    kind = type_name(definition)
    if not (file.exists() or metadata or uri != str(file) or kind in _EMPTY_IS_FINE):
        return None
    return Artifact(kind, key, uri, metadata, digest=digest_of(Path(uri), kind, metadata))


def _read(key: str, text: str, definition: dict) -> Any:
    """A parameter from the file a container wrote: text as it is, anything else as JSON."""
    kind = TYPES[definition["parameterType"]]
    if kind is str:
        return text
    try:
        return kind(json.loads(text.lower() if kind is bool else text))
    except ValueError:
        raise PipelineError(
            f"output {key!r} is to be {kind.__name__}, and its file holds {text[:40]!r}"
        ) from None


def stood_in(task: Task, ticket: Ticket, folder: Path) -> dict[str, Any]:
    """The outputs by name of a stand-in: of a single one the value itself, of several a dictionary;
    what is no artifact yet becomes the content of one. Raise PipelineError for other names."""
    value, names = ticket.stand_in(), list(task.makes)
    values = value if len(names) > 1 else dict.fromkeys(names, value)
    if not isinstance(values, Mapping) or set(values) != set(names):
        raise PipelineError(
            f"the stand-in for {ticket.task!r} gives {value!r:.60}, and the task has the outputs "
            f"{', '.join(names)}; give a dictionary of them"
        )
    return {name: _given(name, values[name], task.makes[name], folder) for name in names}


def _given(name: str, value: Any, definition: dict, folder: Path) -> Any:
    if not is_artifact(definition) or isinstance(value, Artifact):
        return value
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = value if isinstance(value, str | bytes) else json.dumps(value)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    kind = type_name(definition)
    return Artifact(kind, name, str(path), digest=digest_of(path, kind, {}))
