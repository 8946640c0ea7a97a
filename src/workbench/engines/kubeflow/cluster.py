"""What a task asks of a Kubernetes cluster and this machine does not have, told before the run."""

import os
from collections.abc import Iterator
from pathlib import Path

from workbench.engines.kubeflow.spec import Dag, Task

# Images that kfp's backend takes for a request of its own, and that exist nowhere.
_REQUESTS = {
    "argostub/createpvc": "makes a volume",
    "argostub/deletepvc": "deletes a volume",
}


def hindrances(dag: Dag, stood_in: frozenset[str], prefix: str = "") -> Iterator[str]:
    """Why tasks of a pipeline cannot run here, each with what can stand in for the cluster; none of
    those that have a stand-in."""
    for name, task in dag.tasks.items():
        path = prefix + name
        if task.dag:
            yield from hindrances(task.dag, stood_in, f"{path}/")
        elif path not in stood_in:
            for reason in _of(task):
                yield f"task {path!r} {reason}; or give Run a stand_in for the task"


def _of(task: Task) -> Iterator[str]:
    if request := _REQUESTS.get(task.container.get("image", "").partition(":")[0]):
        yield (
            f"{request} of a cluster, and there is none here; "
            "take it out and give the tasks behind it a folder"
        )
    for asked in task.cluster.values():
        for entry in asked if isinstance(asked, list) else []:
            if isinstance(entry, dict) and not entry.get("optional"):
                yield from _lacking(entry)


def _lacking(entry: dict) -> Iterator[str]:
    """By the keys that all kinds share: volumes have a ``mountPath``, secrets and config maps that
    become variables a ``keyToEnv``; what a pod tells of itself has a ``fieldPath``."""
    path = entry.get("mountPath")
    if path and not Path(path).exists():
        yield f"mounts a cluster's volume at {path}; make that folder here with what is to be in it"
    if (field := entry.get("fieldPath")) and entry.get("name") not in os.environ:
        yield f"takes ${entry.get('name')} from its pod ({field}); set that variable here"
    for pair in entry.get("keyToEnv", []):
        if (variable := pair.get("envVar")) and variable not in os.environ:
            yield f"takes ${variable} from a cluster's {_owner(entry)}; set that variable here"


def _owner(entry: dict) -> str:
    """The secret or config map, by its name, which may be given as a constant or by an input."""
    for kind in ("secretName", "configMapName"):
        asked = entry.get(f"{kind}Parameter") or {}
        if name := entry.get(kind) or asked.get("runtimeValue", {}).get("constant"):
            return repr(name)
    return "secret"
