"""What a task asks of a Kubernetes cluster and this machine does not have, told before the run."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbench.engines.kubeflow.host import OnHost
from workbench.engines.kubeflow.spec import Dag, Task
from workbench.engines.outside import unknown_host

# Images that kfp's backend takes for a request of its own, and that exist nowhere.
_REQUESTS = {
    "argostub/createpvc": "makes a volume",
    "argostub/deletepvc": "deletes a volume",
}

_GIVEN_URI = "'].uri}}"  # the end of the placeholder for where an artifact lies


def hindrances(
    dag: Dag, host: OnHost, stood_in: frozenset[str], given: Mapping[str, Any], prefix: str = ""
) -> Iterator[str]:
    """Why tasks of a pipeline cannot run here, each with what can stand in for the cluster; none of
    those that have a stand-in. ``given`` are the DAG's inputs, as far as they are known before a
    run; what only a run makes is None."""
    for name, task in dag.tasks.items():
        path = prefix + name
        inputs = {
            key: source.value if source.kind == "constant" else given.get(source.name)
            for key, source in task.sources.items()
            if source.kind != "input" or source.name in given
        }
        if task.dag:
            yield from hindrances(task.dag, host, stood_in, inputs, f"{path}/")
        elif path not in stood_in:
            for reason in (
                *_of(task, host, inputs),
                *_from_afar(dag, task),
                *_from_buckets(task, inputs),
            ):
                yield f"task {path!r} {reason}; or give Run a stand_in for the task"


def unknown_end(accepts: Mapping[str, dict], inputs: Mapping[str, Any]) -> Iterator[str]:
    """That nobody says how something has ended, to a task or a pipeline that is to be told."""
    for key, definition in accepts.items():
        if definition.get("parameterType") == "TASK_FINAL_STATUS" and key not in inputs:
            yield (
                f"takes a final status ({key}), which only the exit task of an ExitHandler is "
                "given; make it one"
            )


def _of(task: Task, host: OnHost, inputs: Mapping[str, Any]) -> Iterator[str]:
    if request := _REQUESTS.get(task.container.get("image", "").partition(":")[0]):
        yield (
            f"{request} of a cluster, and there is none here; "
            "take it out and give the tasks behind it a folder"
        )
    yield from unknown_end(task.accepts, inputs)
    if importer := task.executor.get("importer"):
        uri = importer["artifactUri"].get("constant") or inputs.get("uri")
        if str(uri).startswith("oci://"):
            yield f"imports an image ({uri}), which only a cluster can mount; import a folder"
    if task.container and (reason := host.lacks(task.container)):
        yield reason
    for asked in task.cluster.values():
        for entry in asked if isinstance(asked, list) else []:
            if isinstance(entry, dict) and not entry.get("optional"):
                yield from _lacking(entry)


def _from_afar(dag: Dag, task: Task) -> Iterator[str]:
    """Files that it opens and that an importer beside it leaves where they are."""
    for key, source in task.sources.items():
        producer = dag.tasks.get(source.name) if source.kind == "task" else None
        fields = producer.executor.get("importer", {}).get("artifactUri", {}) if producer else {}
        uri = fields.get("constant", "")
        program = " ".join([*task.container.get("command", ()), *task.container.get("args", ())])
        opened = f"{key}.path" in program or f"artifacts['{key}'].path" in program
        if "://" in uri and not uri.startswith("file://") and opened:
            yield f"opens {uri}, which is not on this machine; import a file that is"


def _from_buckets(task: Task, inputs: Mapping[str, Any]) -> Iterator[str]:
    """What it reads by Google's program for buckets: those are not here, or not reached."""
    script = " ".join([*task.container.get("command", ()), *task.container.get("args", ())])
    if not re.search(r"\bgsutil\b[^|;\n]*\b(cat|cp|ls|rsync|stat)\b", script):
        return
    if re.search(r"\bgsutil\b[^|;\n]*\b(cat|stat)\b", script) and _GIVEN_URI in script:
        yield "reads by gsutil, which knows buckets alone, what lies in a folder here"
    given = [str(value) for value in inputs.values()]
    for uri in (text for text in [*given, *script.split()] if text.startswith("gs://")):
        if host := unknown_host("https://storage.googleapis.com"):
            yield f"asks {host} for {uri}, a name that is not found from here"


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
