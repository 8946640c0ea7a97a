"""One attempt of a script or container: its command on this machine, and what it leaves."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench import received
from workbench.engines import processes
from workbench.engines.argo.expression import as_text, as_value, filled
from workbench.engines.argo.manifest import PYTHON
from workbench.engines.local.child import end_with
from workbench.engines.protocol import Stopped, Ticket
from workbench.graph import PipelineError


class LeafFailed(Exception):
    """The end of a script or container that has failed, in one line."""

    __module__ = "builtins"


def names_of(template: Mapping[str, Any]) -> list[str]:
    """What a leaf makes: parameters and artifacts by their names, or else what it prints."""
    outputs = template.get("outputs") or {}
    return [
        output["name"] for kind in ("parameters", "artifacts") for output in outputs.get(kind) or ()
    ]


def made_by(template: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """The outputs of a leaf by their names in Argo, from the value in the record."""
    names, outputs = names_of(template), template.get("outputs") or {}
    values = dict.fromkeys(names, value) if len(names) == 1 else value
    made = {}
    for kind in ("parameters", "artifacts"):
        for output in outputs.get(kind) or ():
            made[f"outputs.{kind}.{output['name']}"] = values[output["name"]]
    printed = value
    if names:
        printed = values.get("result") if isinstance(values, dict) else None
    return made if printed is None else {**made, "outputs.result": printed}


class Leaf:
    """``run`` executes the attempt, ``kill`` ends it from another thread."""

    def __init__(
        self, ticket: Ticket, template: Mapping[str, Any], values: Mapping[str, Any], folder: Path
    ) -> None:
        self._ticket, self._template = ticket, template
        self._folder = folder / "artifacts" / quote(ticket.task, safe="[]") / str(ticket.number)
        self._values, self._process, self._ended = dict(values), None, False

    def run(self, seconds: float | None) -> Any:
        """Give what it has made; raise LeafFailed, TimeoutError or Stopped."""
        shutil.rmtree(self._folder, ignore_errors=True)
        (self._folder / "root").mkdir(parents=True)
        self._start(self._command())
        if self._ticket.injection == "kill" or self._ended:
            self.kill()
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError(
                f"{self._ticket.task!r} ran longer than {seconds:g} s and was ended"
            ) from None
        finally:
            self.kill()
            printed = (self._folder / "stdout").read_text(errors="replace")
            self._ticket.log.write(printed + (self._folder / "stderr").read_text(errors="replace"))
        if self._ticket.stopped.is_set():
            raise Stopped
        if code < 0:
            raise LeafFailed(f"killed by {signal.Signals(-code).name}")
        if code:
            lines = (self._folder / "stderr").read_text(errors="replace").strip().splitlines()
            raise LeafFailed(f"exit code {code}" + (f": {lines[-1].strip()}" if lines else ""))
        return self._made(printed)

    def kill(self) -> None:
        """End the process and everything it started."""
        self._ended = True
        if self._process:
            processes.end(self._process)

    def _here(self, path: str) -> str:
        """Where a path of the container is on this machine, in a folder of this attempt."""
        target = self._folder / "root" / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        return str(target)

    def _paths(self) -> dict[str, str]:
        """Path of the container → path of this machine, where what it receives lies by now."""
        inputs, outputs = self._template.get("inputs") or {}, self._template.get("outputs") or {}
        paths: dict[str, str] = {}
        for artifact in inputs.get("artifacts") or ():
            if artifact["name"] in self._ticket.inputs:
                paths[artifact["path"]] = self._here(artifact["path"])
                self._values[f"inputs.artifacts.{artifact['name']}.path"] = paths[artifact["path"]]
                _placed(self._ticket.inputs[artifact["name"]], Path(paths[artifact["path"]]))
        for kind in ("parameters", "artifacts"):
            for output in outputs.get(kind) or ():
                if path := output.get("path") or output.get("valueFrom", {}).get("path"):
                    paths[path] = self._here(path)
                    self._values[f"outputs.{kind}.{output['name']}.path"] = paths[path]
        return paths

    def _command(self) -> list[str]:
        """The command line, with values for tags and paths of this machine for the container's."""
        template, paths = self._template, self._paths()
        own = template.get("script") or template["container"]
        filled_in = filled(
            {k: own[k] for k in ("command", "args", "source", "env") if own.get(k)},
            self._values,
            self._ticket.task,
        )
        for path in sorted(paths, key=len, reverse=True):
            if f"{path}/" in str(filled_in):  # a folder that is in the image
                Path(paths[path]).mkdir(exist_ok=True)
            filled_in = _moved(filled_in, path, paths[path])
        self._env = {
            variable["name"]: as_text(variable.get("value", ""))
            for variable in filled_in.get("env", ())
        }
        words = [str(word) for word in (*filled_in.get("command", ()), *filled_in.get("args", ()))]
        if "script" in template:
            file = self._folder / "script"
            file.write_text(filled_in.get("source", ""), encoding="utf-8")
            file.chmod(0o755)  # ``sh -c`` calls it
            words = [*(words or ["sh"]), str(file)]
        arguments = {"arguments": self._ticket.inputs, "environment": self._env, "command": words}
        received.write(self._ticket.log.path, arguments)
        return [sys.executable, *words[1:]] if words[0] in PYTHON else words

    def _start(self, words: list[str]) -> None:
        parent = os.getpid()
        with (
            (self._folder / "stdout").open("wb") as out,
            (self._folder / "stderr").open("wb") as err,
        ):
            try:
                self._process = subprocess.Popen(
                    words,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    cwd=self._folder / "root",  # as in most images
                    env={**os.environ, **self._env},
                    start_new_session=True,
                    preexec_fn=lambda: end_with(parent),  # noqa: PLW1509 two calls of the system, no lock
                )
            except OSError as error:
                raise LeafFailed(f"{words[0]}: {error.strerror}; the image is not here") from None

    def _made(self, printed: str) -> Any:
        """The value in the record."""
        outputs, made = self._template.get("outputs") or {}, {}
        for kind in ("parameters", "artifacts"):
            for output in outputs.get(kind) or ():
                source = output.get("valueFrom", {})
                file = Path(self._here(output.get("path") or source.get("path", "")))
                if file.exists():
                    made[output["name"]] = (
                        str(file) if kind == "artifacts" else as_value(file.read_text().strip())
                    )
                elif "default" in source:
                    made[output["name"]] = as_value(as_text(source["default"]))
                elif not output.get("optional"):
                    raise PipelineError(f"it ended well but wrote no output {output['name']!r}")
        names, result = names_of(self._template), as_value(printed.strip())
        if not names:
            return result
        return made.get(names[0]) if len(names) == 1 else {**made, "result": result}


def _moved(given: Any, path: str, here: str) -> Any:
    if isinstance(given, dict):
        return {key: _moved(one, path, here) for key, one in given.items()}
    if isinstance(given, list):
        return [_moved(value, path, here) for value in given]
    return (
        given.replace(here, "\0").replace(path, here).replace("\0", here)
        if isinstance(given, str)
        else given
    )


def _placed(value: Any, target: Path) -> None:
    """Put an artifact where its receiver looks for it."""
    if isinstance(value, dict) and "raw" in value:
        target.write_text(value["raw"], encoding="utf-8")
    elif Path(value).is_dir():
        shutil.copytree(value, target, dirs_exist_ok=True)
    elif Path(value).exists():
        shutil.copy(value, target)
    else:
        raise PipelineError(f"its artifact {value} is not there any more")
