"""What this machine lends a pipeline: folders of images, environments, a Docker engine."""

import contextlib
import importlib.metadata
import json
import re
import shlex
import shutil
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
from workbench.engines.kubeflow import internals
from workbench.engines.lacking import lacking_package
from workbench.engines.outside import unfound_host, unknown_host
from workbench.graph import PipelineError

_NO_INSTALLATION = "nothing is installed into your environment"
_PERHAPS = r"\|\||\b(if|case|for|while|until|trap)\b"  # what follows in a script is not sure
_ASKING = r"\b(?:curl|wget)\b.*?(https?://[^\s'\"$;|]+)"


@dataclass(frozen=True)
class OnHost:
    """A pipeline and what this machine lends it: ``images`` maps an image to the folder of its
    Dockerfile, ``venv=True`` gives a component whose packages are not here an environment of its
    own."""

    pipeline: Any
    images: Mapping[str, str | Path] = field(default_factory=dict)
    venv: bool = False
    # One for all: two runs may ask for the same environment at once.
    installing: ClassVar[threading.Lock] = threading.Lock()

    @cached_property
    def docker(self) -> bool:
        """Whether a Docker engine answers."""
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            asked = subprocess.run(["docker", "info"], capture_output=True, timeout=10, check=False)
            return asked.returncode == 0
        return False

    def lacks(self, container: Mapping[str, Any]) -> str:
        """Why a container cannot run here: its packages are not here, or its program is in its
        image alone; empty where nothing is known to be lacking."""
        image, command = container.get("image", ""), container.get("command") or [""]
        if internals.is_python_component(command):
            lacking = _lacking(_install_line(command))
            if reason := self._lacks_packages(lacking):
                return reason
            source = internals.authors_source(command[-1])
            imported = "" if lacking or image in self.images else lacking_package(source)
            return imported or unfound_host(source, {})
        program = command[0]
        if "{{" in program or image in self.images or shutil.which(program) or self.docker:
            return self._lacks_in_script([*command, *container.get("args", ())])
        trouble = f"runs {program}, which is not on this machine" if program else "has no command"
        return (
            f"{trouble}, and its image {image} is not here either; "
            f"give the folder of its Dockerfile: OnHost(pipeline, images={{{image!r}: …}})"
        )

    def _lacks_in_script(self, words: list[str]) -> str:
        """What the script of a shell, if that is the program, is sure to want in vain."""
        script = words[2].replace("\\\n", " ") if words[1:2] == ["-c"] else ""
        if lacking := [] if self.docker else list(filter(None, map(_lack, _installed_by(script)))):
            return f"installs {', '.join(lacking)}; {_NO_INSTALLATION}, so have them here"
        if not re.search(r"\bset -\w*e", script) or re.search(_PERHAPS, script):
            return ""
        for line in script.splitlines():
            passed = "|" in line and "pipefail" not in script
            if (
                (asked := re.search(_ASKING, line))
                and not passed
                and (host := unknown_host(asked[1]))
            ):
                return f"asks {host}, a name that is not found from here"
        return ""

    def _lacks_packages(self, lacking: list[str]) -> str:
        if self.venv or not lacking:
            return ""
        return (
            f"asks in packages_to_install for {', '.join(lacking)}; {_NO_INSTALLATION}, so change "
            "packages_to_install, or allow an environment of its own: OnHost(pipeline, venv=True)"
        )

    def python(self, command: list[str], folder: Path, log: Log) -> str:
        """The interpreter for a component; environments are made in ``folder``. Raise PipelineError
        when the component's packages can not be installed."""
        script = _install_line(command)
        lacking = _lacking(script)
        if not lacking:
            return sys.executable
        home = folder / re.sub(r"\W+", "-", "venv " + " ".join(lacking))
        with self.installing:
            if not (home / "complete").exists():
                _make(home, script, lacking, log)
        return f"{home}/bin/python"


def _install_line(command: list[str]) -> str:
    return next((word for word in command[:3] if "pip install" in word), "")


def _make(home: Path, script: str, lacking: list[str], log: Log) -> None:
    """Make an environment that sees the packages of this one, and install the rest into it."""
    venv.create(home, with_pip=True)
    here = [path for path in sys.path if path.endswith("site-packages")]
    next(home.glob("lib/*/site-packages")).joinpath("seen.pth").write_text("\n".join(here))
    # The compiled line ends in `&& "$0" "$@"`, which is to run the component: here, it is `true`.
    install = ["sh", "-c", script.replace("python3", f"{home}/bin/python"), "true"]
    done = subprocess.run(
        install, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    log.write(done.stdout)
    if done.returncode:
        end = done.stdout.strip()[-200:]
        raise PipelineError(f"{', '.join(lacking)} could not be installed: {end}")
    (home / "complete").touch()


def _installed_by(script: str) -> list[str]:
    """The requirements that a shell's script gives pip."""
    with contextlib.suppress(ValueError):  # quotes that do not end; the shell tells it
        given = re.findall(r"\bpip3? install\b([^;&|)\n]*)", script)
        return [word for words in given for word in shlex.split(words) if word[:1] != "-"]
    return []


def _lacking(script: str) -> list[str]:
    """The requirements of a compiled install line that this environment does not meet."""
    quoted = [text for text in re.findall(r"'([^']*)'", script) if not text.startswith("-")]
    return list(filter(None, map(_lack, quoted)))


def _lack(text: str) -> str:
    """A requirement that is not met, with what is here instead; empty when it is met."""
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        wanted = Requirement(text)
        # Components ask for kfp unless told not to, and that is always here.
        if wanted.name == "kfp" or (wanted.marker and not wanted.marker.evaluate()):
            return ""
        here = importlib.metadata.version(wanted.name)
    except (importlib.metadata.PackageNotFoundError, InvalidRequirement):
        return text
    return "" if wanted.specifier.contains(here, prereleases=True) else f"{text} (here: {here})"


@dataclass
class Image:
    """A toy image in the folder ``root``: what a Dockerfile says, without its RUN lines."""

    root: Path
    cwd: Path
    entrypoint: list[str] = field(default_factory=list)
    cmd: list[str] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)

    def apply(self, instruction: str, text: str, context: Path) -> None:
        """Follow one line of a Dockerfile that lies in ``context``."""
        match instruction:
            case "COPY" | "ADD":
                self._copy(text, context)
            case "WORKDIR":
                self.cwd = self.root / text.strip().lstrip("/")
                self.cwd.mkdir(parents=True, exist_ok=True)
            case "ENV":
                pairs = [word.split("=", 1) for word in shlex.split(text) if "=" in word]
                self.env |= dict(pairs)
            case "ENTRYPOINT":
                self.entrypoint = _command(text)
            case "CMD":
                self.cmd = _command(text)

    def _copy(self, text: str, context: Path) -> None:
        *patterns, target = [word for word in shlex.split(text) if not word.startswith("--")]
        into = self.root / target.lstrip("/") if target.startswith("/") else self.cwd / target
        for source in (path for pattern in patterns for path in context.glob(pattern)):
            into.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, into, dirs_exist_ok=True)
            elif target.endswith((".", "/")):
                into.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, into / source.name)
            else:
                shutil.copy(source, into)


def unpacked(context: str | Path | None, root: Path) -> Image:
    """Copy what the Dockerfile in ``context`` copies to ``root``; without one, an empty image.

    Raise PipelineError for a Dockerfile that cannot be read.
    """
    image = Image(root, root)
    root.mkdir(parents=True, exist_ok=True)
    if context is None:
        return image
    try:
        text = Path(context, "Dockerfile").read_text(encoding="utf-8")
    except OSError as error:
        raise PipelineError(
            f"{context}/Dockerfile: {error.strerror.lower()}; give the folder it lies in"
        ) from None
    for line in text.replace("\\\n", " ").splitlines():
        instruction, _, rest = line.strip().partition(" ")
        image.apply(instruction, rest, Path(context))
    return image


def _command(text: str) -> list[str]:
    return json.loads(text) if text.lstrip().startswith("[") else ["sh", "-c", text]
