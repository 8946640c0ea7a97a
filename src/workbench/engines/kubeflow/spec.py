"""A compiled pipeline as values: its DAGs, their tasks, and where a task's inputs come from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.graph import Graph

TYPES = {
    "NUMBER_INTEGER": int,
    "NUMBER_DOUBLE": float,
    "STRING": str,
    "BOOLEAN": bool,
    "LIST": list,
    "STRUCT": dict,
    "TASK_FINAL_STATUS": dict,
}


@dataclass(frozen=True)
class Source:
    """Where an input comes from, by ``kind``: constant (a ``value``), input (``name``, of the
    enclosing DAG), task (``name`` and its output ``key``) or status (how task ``name`` has ended).
    ``part``: the one field of it that is taken."""

    kind: str
    name: str = ""
    key: str = ""
    part: str | None = None
    value: Any = None


@dataclass(frozen=True)
class Task:
    """What kfp keeps in task, component and executor. ``accepts`` and ``makes`` define inputs and
    outputs, ``dag`` is in a group, a loop or a nested pipeline, ``cluster`` is for Kubernetes."""

    accepts: Mapping[str, dict]
    makes: Mapping[str, dict]
    sources: Mapping[str, Source]
    upstream: frozenset[str]
    spec: dict
    dag: "Dag | None"
    executor: dict
    cluster: dict

    @property
    def needs(self) -> list[str]:
        """The inputs that it cannot run without."""
        return [key for key, kind in self.accepts.items() if not kind.get("isOptional")]

    @property
    def container(self) -> dict:
        return self.executor.get("container", {})

    @property
    def condition(self) -> str:
        return self.spec.get("triggerPolicy", {}).get("condition", "")

    @property
    def runs_after_failures(self) -> bool:
        """Whether it runs when everything upstream has ended, however it has."""
        return self.spec.get("triggerPolicy", {}).get("strategy") == "ALL_UPSTREAM_TASKS_COMPLETED"

    @property
    def retry(self) -> dict:
        return self.spec.get("retryPolicy", {})

    @property
    def cacheable(self) -> bool:
        return bool(self.container and self.spec.get("cachingOptions", {}).get("enableCache"))

    @property
    def iterator(self) -> dict | None:
        return self.spec.get("parameterIterator") or self.spec.get("artifactIterator")

    @property
    def items(self) -> str | None:
        """The input that a loop goes over; None when it goes over constants."""
        items = self.iterator["items"]
        return items.get("inputParameter") or items.get("inputArtifact")

    @property
    def at_once(self) -> int | None:
        """How many iterations of a loop may be under way; None: all."""
        limit = self.spec.get("iteratorPolicy", {}).get("parallelismLimit")
        return int(limit) if limit else None


@dataclass(frozen=True)
class Dag:
    """Tasks by name, upstream first; for each output the (task, its output) pairs that it may come
    from: one, or those a OneOf chooses from."""

    tasks: Mapping[str, Task]
    outputs: Mapping[str, list[tuple[str, str]]]

    def producers(self, prefix: str, name: str, key: str) -> Iterator[tuple[str, str]]:
        """The leaves that output ``key`` of a task comes from, with the word for what travels."""
        task = self.tasks[name]
        if not task.dag:
            yield prefix + name, f"{key} ({type_name(task.makes[key])})"
            return
        for inner, inner_key in task.dag.outputs[key]:
            yield from task.dag.producers(f"{prefix}{name}/", inner, inner_key)


@dataclass(frozen=True)
class Spec:
    """A pipeline: its outermost DAG, the definitions of its inputs, and its graph of leaves."""

    name: str
    dag: Dag
    accepts: Mapping[str, dict]
    graph: Graph


def is_artifact(definition: dict) -> bool:
    """Whether an input or output is a file (a Dataset, a Model …) and not a value."""
    return "artifactType" in definition


def type_name(definition: dict) -> str:
    """Python's name for a parameter's type, kfp's for an artifact's."""
    if is_artifact(definition):
        return kind_of(definition["artifactType"])
    kind = TYPES.get(definition["parameterType"])
    return kind.__name__ if kind else definition["parameterType"].lower()


def kind_of(schema: dict) -> str:
    """``system.Dataset`` → ``Dataset``."""
    return schema.get("schemaTitle", "Artifact").rpartition(".")[2]
