"""One component, called in this process as a cluster calls it: by kfp's executor, with nothing but
what was compiled of it."""

import os
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from pkgutil import resolve_name
from typing import Any
from unittest import mock

from workbench.engines.kubeflow import internals
from workbench.engines.kubeflow.component import executor_input, outputs_in
from workbench.engines.kubeflow.spec import Task
from workbench.graph import PipelineError

_SETTING = threading.Lock()  # of variables, which are the whole process's


def component_of(leaf: str, task: Task) -> str:
    """The component of a task, without its groups and its number: `condition-2/alert-2` → alert,
    unless that number is of its function's own name."""
    name, container = leaf.rpartition("/")[2].partition("[")[0], task.container
    if internals.is_python_component(container.get("command", [])):
        function = internals.function_in(container["args"]).lower()
        if name == re.sub("[^0-9a-z]+", "-", function).strip("-"):
            return name
    return re.sub(r"-\d+$", "", name)


def outputs(task: Task, name: str, inputs: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Its outputs by name, which it writes to a new folder.

    Raise PipelineError for what is no function of Python or lacks an output; what the function
    raises is its own.
    """
    container = task.container
    if not internals.is_python_component(container.get("command", [])):
        raise PipelineError(f"{name} is no component of a Python function")
    folder.mkdir(parents=True, exist_ok=True)  # where it is tried again
    function = internals.function_in(container["args"])
    (folder / f"{function}.py").write_text(container["command"][-1], encoding="utf-8")
    load, executor = resolve_name(internals.LOAD), resolve_name(internals.EXECUTOR)
    code = getattr(load(function, str(folder)), function)
    variables = {one["name"]: str(one.get("value", "")) for one in container.get("env", [])}
    with _SETTING, mock.patch.dict(os.environ, variables):
        executor(executor_input(task, inputs, folder), code).execute()
    return outputs_in(folder, name, task, inputs)
