"""What the workbench uses of an engine's inside: each member, why, and whether it is still there.

An engine's `internals` module is the only one that names such members. It lists them in `MEMBERS`,
so that an upgrade which takes one away is told in a line, before anything runs or hangs.
"""

import importlib
import inspect
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Member:
    """A private or undocumented member, as "package.module:Class.member".

    ``why`` says what it is needed for and what breaks without it; ``parameters`` are names that it
    has to accept, where it is called or overridden.
    """

    path: str
    why: str
    parameters: tuple[str, ...] = ()

    def trouble(self) -> str:
        """What is wrong with it in the installed version, in one line; empty when nothing is."""
        module, _, names = self.path.partition(":")
        try:
            owner: Any = importlib.import_module(module)
        except ImportError as error:
            return f"{module} cannot be imported ({error}), needed for {self.why}"
        for name in filter(None, names.split(".")):
            if not _has(owner, name):
                return f"{self.path} is gone, needed for {self.why}"
            owner = getattr(owner, name, None)
        lost = [name for name in self.parameters if not _accepts(owner, name)]
        if lost:
            return f"{self.path} takes no {', '.join(lost)} any more, needed for {self.why}"
        return ""


def members_of(owner: str, why: str, **names: str) -> tuple[Member, ...]:
    """Members of one module or class, each with the parameters it has to accept, by spaces."""
    joint = "." if ":" in owner else ":"
    return tuple(
        Member(f"{owner}{joint}{name}", why, tuple(parameters.split()))
        for name, parameters in names.items()
    )


def missing(members: Iterable[Member]) -> list[str]:
    """One line for each member that is gone or has changed."""
    return [trouble for member in members if (trouble := member.trouble())]


def missing_in(internals: str) -> list[str]:
    """The same for the MEMBERS of a module, which may itself fail on what is gone."""
    try:
        members = importlib.import_module(internals).MEMBERS
    except (ImportError, AttributeError) as error:
        return [f"{error}"]
    return missing(members)


def missing_apart(internals: str) -> list[str]:
    """The same, seen by a process of its own, as that of a task: the engine is not imported into
    this one. A module may say in RUNTIME what environment such processes have."""
    environment = os.environ | getattr(importlib.import_module(internals), "RUNTIME", {})
    look = f"from {__name__} import json, missing_in; print(json.dumps(missing_in({internals!r})))"
    command = [sys.executable, "-P", "-c", look]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if not done.returncode else done.stderr.splitlines()[-1:]


def _has(owner: Any, name: str) -> bool:
    """Whether a module or class has the member; what it gets only later on is annotated."""
    if hasattr(owner, name):
        return True
    return any(
        name in vars(kind).get("__annotations__", {})
        for kind in getattr(owner, "__mro__", (owner,))
    )


def _accepts(function: Any, parameter: str) -> bool:
    accepted = inspect.signature(function).parameters.values()
    return any(item.name == parameter or item.kind is item.VAR_KEYWORD for item in accepted)
