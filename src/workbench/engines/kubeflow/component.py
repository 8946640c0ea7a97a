"""One attempt of one component in a process of its own, and what this machine lends it: files, packages, Docker."""

import contextlib
import importlib.metadata
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import venv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from workbench.capture import Log
from workbench.engines.kubeflow.artifact import Artifact, digest_of
from workbench.engines.kubeflow.spec import TYPES, Task, type_name
from workbench.graph import PipelineError

_EMPTY_IS_FINE = {"Metrics", "ClassificationMetrics", "SlicedClassificationMetrics"}


class ComponentFailed(Exception):
    """The error of a component, in one line; ``logged`` when its log has it already, traceback and all."""

    def __init__(self, text: str, logged: bool = False) -> None:
        super().__init__(text)
        self.logged = logged


@dataclass(frozen=True)
class OnHost:
    """A pipeline and what this machine lends it: ``images`` maps an image to the folder of its Dockerfile, and
    ``venv=True`` gives a component whose packages are not here an environment of its own."""

    pipeline: Any
    images: Mapping[str, str | Path] = field(default_factory=dict)
    venv: bool = False
    installing: ClassVar[threading.Lock] = threading.Lock()

    @cached_property
    def docker(self) -> bool:
        """Whether a Docker engine answers."""
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            return (
                subprocess.run(
                    ["docker", "info"], capture_output=True, timeout=10, check=False
                ).returncode
                == 0
            )
        return False

    def python(self, command: list[str], folder: Path, log: Log) -> str:
        """The interpreter for a component; raise ComponentFailed when its packages are not here and may not be."""
        script = next((part for part in command[:3] if "pip install" in part), "")
        if not (lacking := _lacking(script)):
            return sys.executable
        if not self.venv:
            raise ComponentFailed(
                f"packages_to_install asks for {', '.join(lacking)}; nothing is installed into your environment, "
                "so change packages_to_install, or allow an environment of its own: OnHost(pipeline, venv=True)"
            )
        home = folder / re.sub(r"\W+", "-", "venv " + " ".join(lacking))
        with self.installing:
            if not (home / "complete").exists():
                venv.create(home, with_pip=True)
                seen = [path for path in sys.path if path.endswith("site-packages")]
                next(home.glob("lib/*/site-packages")).joinpath("seen.pth").write_text(
                    "\n".join(seen)
                )
                install = ["sh", "-c", script.replace("python3", f"{home}/bin/python"), "true"]
                done = subprocess.run(
                    install,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    check=False,
                )
                log.write(done.stdout)
                if done.returncode:
                    raise ComponentFailed(
                        f"{', '.join(lacking)} could not be installed: {done.stdout.strip()[-200:]}"
                    )
                (home / "complete").touch()
        return f"{home}/bin/python"


def _lacking(script: str) -> list[str]:
    """The requirements of a compiled install line that this environment does not meet; kfp itself always is."""
    from packaging.requirements import InvalidRequirement, Requirement

    lacking = []
    for text in (part for part in re.findall(r"'([^']*)'", script) if not part.startswith("-")):
        try:
            wanted = Requirement(text)
            if wanted.name == "kfp" or (wanted.marker and not wanted.marker.evaluate()):
                continue
            here = importlib.metadata.version(wanted.name)
            if not wanted.specifier.contains(here, prereleases=True):
                lacking.append(f"{text} (here: {here})")
        except (importlib.metadata.PackageNotFoundError, InvalidRequirement):
            lacking.append(text)
    return lacking


@dataclass
class Component:
    """One attempt of ``task`` in ``folder``: ``run`` calls it, ``kill`` ends it from another thread."""

    name: str
    task: Task
    folder: Path
    inputs: Mapping[str, Any]
    host: OnHost
    log: Log
    process: subprocess.Popen | None = None
    ended: bool = False

    def run(self, kill: bool = False) -> dict[str, Any]:
        """The outputs by name; raise ComponentFailed with the component's own error."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        call, python = self._call()
        (self.folder / "call.json").write_text(json.dumps(call), encoding="utf-8")
        self.log.path.parent.mkdir(parents=True, exist_ok=True)
        child = Path(__file__).with_name("child.py")
        command = [python, "-P", "-u", str(child), str(os.getpid()), str(self.folder)]
        options = {
            "stdin": subprocess.DEVNULL,
            "stderr": subprocess.STDOUT,
            "start_new_session": True,
        }
        options |= {"cwd": self.folder, "env": {**os.environ, **call["env"]}}
        with self.log.path.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, **options)
        if kill or self.ended:
            self.kill()
        code = self.process.wait()
        self.kill()
        if code < 0:
            raise ComponentFailed(f"killed by {signal.Signals(-code).name}")
        if code:
            error = self.folder / "error"
            told = error.exists()
            raise ComponentFailed(
                error.read_text(encoding="utf-8") if told else f"exit code {code}", logged=told
            )
        return self._outputs()

    def kill(self) -> None:
        """End the process and everything it started."""
        self.ended = True
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _call(self) -> tuple[dict, str]:
        """What the process is told, and the interpreter it is to be."""
        container = self.task.executor["container"]
        command, arguments = list(container.get("command", [])), list(container.get("args", []))
        env = {item["name"]: item.get("value", "") for item in container.get("env", [])}
        if any("ephemeral_component" in part for part in command):
            python = self.host.python(command, self.folder.parents[2], self.log)
            function = arguments[arguments.index("--function_to_execute") + 1]
            (self.folder / f"{function}.py").write_text(command[-1], encoding="utf-8")
            return {"function": function, "input": self._executor_input(), "env": env}, python
        image, folder = container["image"], self.host.images.get(container["image"])
        call = {
            "function": None,
            "input": self._executor_input(),
            "env": env,
            "command": command,
            "args": arguments,
        }
        call |= {
            "image": image,
            "build": folder and ["docker", "build", "-t", image, str(folder)],
            "task": self.name,
        }
        call |= {"docker": self.host.docker, "mount": str(self.folder.parents[3])}
        return call | {"host": _unpacked(folder, self.folder / "image")}, sys.executable

    def _executor_input(self) -> dict:
        """What kfp's launcher gives a component: values as they are, so that integers stay integers."""
        accepts, makes = self.task.accepts, self.task.makes
        lists = {
            key: value if isinstance(value, list) else [value] for key, value in self.inputs.items()
        }
        files = {
            key: [_runtime(item.name, accepts[key], item.uri, item.metadata) for item in items]
            for key, items in lists.items()
            if _is_file(accepts[key])
        }
        blank = {
            key: [_runtime(key, makes[key], str(self.folder / key), {})]
            for key in makes
            if _is_file(makes[key])
        }
        outputs = {key: {"outputFile": str(self.folder / key)} for key in makes if key not in blank}
        values = {key: value for key, value in self.inputs.items() if key not in files}
        made = {
            "parameters": outputs,
            "artifacts": {key: {"artifacts": items} for key, items in blank.items()},
        }
        given = {
            "parameterValues": values,
            "artifacts": {key: {"artifacts": items} for key, items in files.items()},
        }
        return {
            "inputs": given,
            "outputs": made | {"outputFile": str(self.folder / "executor_output.json")},
        }

    def _outputs(self) -> dict[str, Any]:
        written = self.folder / "executor_output.json"
        result = json.loads(written.read_text(encoding="utf-8")) if written.exists() else {}
        outputs, lacking = {}, []
        for key, what in self.task.makes.items():
            file = self.folder / key
            if _is_file(what):
                logged = result.get("artifacts", {}).get(key, {"artifacts": [{}]})["artifacts"][0]
                uri, metadata = logged.get("uri", str(file)), logged.get("metadata", {})
                if not (
                    file.exists()
                    or metadata
                    or uri != str(file)
                    or type_name(what) in _EMPTY_IS_FINE
                ):
                    lacking.append(f"{key} ({type_name(what)}): write to {key}.path")
                digest = digest_of(Path(uri), type_name(what), metadata)
                outputs[key] = Artifact(
                    type_name(what), key, uri, metadata, self.name, self.inputs, digest
                )
            elif file.exists():
                outputs[key] = _read(key, file.read_text(encoding="utf-8"), what)
            elif key in result.get("parameterValues", {}):
                outputs[key] = result["parameterValues"][key]
            else:
                lacking.append(f"{key} ({type_name(what)}): return it")
        if lacking:
            raise ComponentFailed(
                f"the component ended well but wrote no output {'; '.join(lacking)}"
            )
        return outputs


def _is_file(definition: dict) -> bool:
    return "artifactType" in definition


def _runtime(name: str, definition: dict, uri: str, metadata: Mapping) -> dict:
    return {
        "name": name,
        "type": definition["artifactType"],
        "uri": uri,
        "metadata": dict(metadata),
    }


def _read(key: str, text: str, what: dict) -> Any:
    """A parameter from the file a container wrote: text as it is, anything else as JSON."""
    kind = TYPES[what["parameterType"]]
    try:
        return text if kind is str else kind(json.loads(text.lower() if kind is bool else text))
    except ValueError:
        raise ComponentFailed(
            f"output {key!r} is to be {kind.__name__}, and its file holds {text[:40]!r}"
        ) from None


def _unpacked(folder: str | Path | None, root: Path) -> dict:
    """What a Dockerfile says about files, folder, environment and command; nothing of its RUN lines is done."""
    image: dict[str, Any] = {
        "cwd": str(root),
        "entrypoint": [],
        "cmd": [],
        "env": {},
        "root": str(root),
    }
    root.mkdir(parents=True, exist_ok=True)
    if folder is None:
        return image
    try:
        text = Path(folder, "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    except OSError as error:
        raise PipelineError(
            f"{folder}/Dockerfile: {error.strerror.lower()}; give the folder it lies in"
        ) from None
    for line in text.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word in ("COPY", "ADD"):
            *sources, target = [part for part in shlex.split(rest) if not part.startswith("--")]
            where = Path(
                f"{root}{target}" if target.startswith("/") else f"{image['cwd']}/{target}"
            )
            for source in (path for pattern in sources for path in Path(folder).glob(pattern)):
                into = (
                    where / source.name
                    if source.is_file() and target.endswith((".", "/"))
                    else where
                )
                into.parent.mkdir(parents=True, exist_ok=True)
                shutil.copytree(
                    source, into, dirs_exist_ok=True
                ) if source.is_dir() else shutil.copy(source, into)
        elif word == "WORKDIR":
            image["cwd"] = str(root / rest.strip().lstrip("/"))
            Path(image["cwd"]).mkdir(parents=True, exist_ok=True)
        elif word == "ENV":
            image["env"] |= dict(part.split("=", 1) for part in shlex.split(rest) if "=" in part)
        elif word in ("ENTRYPOINT", "CMD"):
            image[word.lower()] = (
                json.loads(rest) if rest.lstrip().startswith("[") else ["sh", "-c", rest]
            )
    return image
