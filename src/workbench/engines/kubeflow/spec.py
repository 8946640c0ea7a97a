"""Reading compiled KFP pipelines: their tasks, their graph, their trigger conditions.

Nothing of kfp is imported here, so that a YAML file alone is read in milliseconds.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path
from typing import Any, NamedTuple

from workbench.graph import Graph, PipelineError

ALWAYS = "ALL_UPSTREAM_TASKS_COMPLETED"
NEWEST = (2, 1)  # the schema of kfp 2.16
TYPES = {
    "NUMBER_INTEGER": int,
    "NUMBER_DOUBLE": float,
    "STRING": str,
    "BOOLEAN": bool,
    "LIST": list,
    "STRUCT": dict,
}


class Source(NamedTuple):
    """Where an input comes from: a constant, an input of the enclosing DAG, a task's output, a task's final status."""

    kind: str
    name: Any
    key: str | None = None
    part: str | None = None


@dataclass(frozen=True)
class Task:
    """One task with what kfp keeps in task, component and executor; ``accepts`` and ``makes``: inputs and outputs."""

    accepts: Mapping[str, dict]
    makes: Mapping[str, dict]
    sources: Mapping[str, Source]
    upstream: frozenset[str]
    spec: dict
    dag: "Dag | None"
    executor: dict
    cluster: dict

    @property
    def trigger(self) -> dict:
        return self.spec.get("triggerPolicy", {})

    @property
    def iterator(self) -> dict | None:
        return self.spec.get("parameterIterator") or self.spec.get("artifactIterator")

    @property
    def items(self) -> str | None:
        """The input a loop goes over."""
        items = self.iterator["items"]
        return items.get("inputParameter") or items.get("inputArtifact")


@dataclass(frozen=True)
class Dag:
    """Tasks by name, upstream first; ``outputs`` gives the (task, output) pairs that a OneOf may choose from."""

    tasks: Mapping[str, Task]
    outputs: Mapping[str, list[tuple[str, str]]]

    def producers(self, prefix: str, name: str, key: str) -> Iterator[tuple[str, str]]:
        """The leaves that output ``key`` of a task comes from, each with the word for what travels."""
        task = self.tasks[name]
        if not task.dag:
            yield prefix + name, f"{key} ({type_name(task.makes[key])})"
            return
        for inner, inner_key in task.dag.outputs[key]:
            yield from task.dag.producers(f"{prefix}{name}/", inner, inner_key)


@dataclass(frozen=True)
class Spec:
    """A pipeline: its outermost DAG and the inputs it accepts."""

    name: str
    dag: Dag
    accepts: Mapping[str, dict]
    graph: Graph


def read(thing: Any) -> Spec:
    """The specification of a pipeline, a component or a compiled YAML file; raise PipelineError for anything else."""
    if isinstance(thing, (str, Path)):
        origin, (document, *rest) = str(thing), _documents(Path(thing))
        platform = rest[0] if rest and isinstance(rest[0], dict) else {}
    elif not hasattr(thing, "pipeline_spec"):
        raise PipelineError(
            f"a {type(thing).__name__} of kfp cannot be run by itself; give a pipeline or a component"
        )
    else:
        from google.protobuf.json_format import MessageToDict

        origin, document = thing.name, MessageToDict(thing.pipeline_spec)
        platform = MessageToDict(thing.platform_spec) if hasattr(thing, "platform_spec") else {}
    _check(document, origin)
    try:
        cluster = (
            platform.get("platforms", {})
            .get("kubernetes", {})
            .get("deploymentSpec", {})
            .get("executors", {})
        )
        dag = _dag(document["root"], document, cluster)
        drawing = _Drawing()
        drawing.dag(dag, "", {}, {})
        return Spec(
            document["pipelineInfo"]["name"],
            dag,
            _merged(document["root"], "input"),
            drawing.graph(),
        )
    except (KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        missing = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise PipelineError(
            f"{origin}: the specification is damaged ({missing}); compile the pipeline again"
        ) from None


def _documents(path: Path) -> list:
    import yaml

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return list(yaml.load_all(path.read_text(encoding="utf-8"), loader)) or [None]
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())[:120]
        raise PipelineError(
            f"{path}: {reason}; give the YAML file that kfp's compiler wrote"
        ) from None


def _check(document: Any, origin: str) -> None:
    if (
        not isinstance(document, dict)
        or not {"pipelineInfo", "root", "schemaVersion"} <= document.keys()
    ):
        kfp1 = isinstance(document, dict) and "argoproj.io" in str(document.get("apiVersion"))
        what = (
            "an Argo workflow of kfp 1"
            if kfp1
            else "no pipeline (pipelineInfo, root or schemaVersion is missing)"
        )
        raise PipelineError(
            f"{origin}: {what}; compile one: kfp.compiler.Compiler().compile(pipeline, 'pipeline.yaml')"
        )
    version = str(document["schemaVersion"])
    if tuple(map(int, re.findall(r"\d+", version)[:2])) > NEWEST:
        newest = ".".join(map(str, NEWEST))
        raise PipelineError(
            f"{origin}: schema {version} is newer than {newest}, which is read here; use kfp 2.16"
        )


def _merged(component: dict, side: str) -> dict[str, dict]:
    definitions = component.get(f"{side}Definitions", {})
    return dict(
        sorted({**definitions.get("parameters", {}), **definitions.get("artifacts", {})}.items())
    )


def _dag(component: dict, document: dict, cluster: dict, retry: dict | None = None) -> Dag:
    """The DAG of a component; a group's retries hold for the tasks in it."""
    tasks = {}
    for name, raw in sorted(
        component["dag"]["tasks"].items()
    ):  # a specification in memory has no order
        own = document["components"][raw["componentRef"]["name"]]
        spec = {**({"retryPolicy": retry} if retry else {}), **raw}
        inputs = spec.get("inputs", {})
        sources = {**inputs.get("parameters", {}), **inputs.get("artifacts", {})}
        sources = {key: _source(source) for key, source in sorted(sources.items())}
        waits = {source.name for source in sources.values() if source.kind in ("task", "status")}
        inner = _dag(own, document, cluster, spec.get("retryPolicy")) if "dag" in own else None
        label = own.get("executorLabel")
        executor = {} if inner else document["deploymentSpec"]["executors"][label]
        upstream = frozenset(waits.union(spec.get("dependentTasks", ())))
        made = _merged(own, "input"), _merged(own, "output")
        tasks[name] = Task(*made, sources, upstream, spec, inner, executor, cluster.get(label, {}))
    order = Graph.of(
        tasks, [(up, name) for name, task in tasks.items() for up in sorted(task.upstream)]
    ).tasks
    outputs = component["dag"].get("outputs", {})
    outputs = {**outputs.get("parameters", {}), **outputs.get("artifacts", {})}
    return Dag(
        {name: tasks[name] for name in order},
        {key: _pairs(source) for key, source in outputs.items()},
    )


def _source(raw: dict) -> Source:
    kind = next(key for key in raw if key != "parameterExpressionSelector")
    part = re.search(r'\["(.+)"\]', raw.get("parameterExpressionSelector", ""))
    value, part = raw[kind], part and part[1]
    if kind == "runtimeValue":
        return Source("constant", value["constant"])
    if kind.startswith("componentInput"):
        return Source("input", value, None, part)
    if kind == "taskFinalStatus":
        return Source("status", value["producerTask"])
    return Source(
        "task",
        value["producerTask"],
        value.get("outputParameterKey") or value["outputArtifactKey"],
        part,
    )


def _pairs(source: dict) -> list[tuple[str, str]]:
    one = source.get("valueFromOneof", {}).get("parameterSelectors") or source.get(
        "artifactSelectors"
    )
    found = one or [source["valueFromParameter"]]
    return [
        (item["producerSubtask"], item.get("outputParameterKey") or item["outputArtifactKey"])
        for item in found
    ]


class _Drawing:
    """Gathers leaves, edges, labels and notes from the DAGs of a specification."""

    def __init__(self) -> None:
        self._notes: dict[str, dict[str, str]] = {}
        self._edges: dict[tuple[str, str], dict[str, None]] = {}

    def graph(self) -> Graph:
        labels = {edge: ", ".join(words) for edge, words in self._edges.items() if words}
        return Graph.of(self._notes, self._edges, labels=labels, notes=self._notes)

    def dag(self, dag: Dag, prefix: str, given: dict, notes: dict) -> tuple[list[str], list[str]]:
        """Draw one DAG; return the leaves it begins with and those it ends with."""
        first, last = {}, {}
        for name, task in dag.tasks.items():
            received = {}
            for key, source in task.sources.items():
                made = source.kind == "task" and dag.producers(prefix, source.name, source.key)
                received[key] = list(
                    made or given.get(source.name, ()) if source.kind in ("task", "input") else ()
                )
            own = _notes(task)
            own |= {
                key: f"{notes[key]}; {own[key]}"
                for key in ("loop", "condition")
                if key in notes and key in own
            }
            first[name], last[name] = self._task(task, prefix + name, received, notes | own)
            for edge in (
                (up, down)
                for before in sorted(task.upstream)
                for up in last[before]
                for down in first[name]
            ):
                self._edges.setdefault(edge, {})
        inner = frozenset().union(*(task.upstream for task in dag.tasks.values()))
        begin = [
            leaf for name, task in dag.tasks.items() if not task.upstream for leaf in first[name]
        ]
        return begin, [leaf for name in dag.tasks if name not in inner for leaf in last[name]]

    def _task(
        self, task: Task, path: str, received: dict, notes: dict
    ) -> tuple[list[str], list[str]]:
        if task.dag:
            if task.iterator:
                received[task.iterator["itemInput"]] = received.get(task.items, [])
            return self.dag(task.dag, path + "/", received, notes)
        self._notes[path] = notes
        for leaf, word in (origin for origins in received.values() for origin in origins):
            self._edges.setdefault((leaf, path), {})[word] = None
        return [path], [path]


def type_name(definition: dict) -> str:
    """Python's name for a parameter's type, kfp's for an artifact's."""
    if "artifactType" in definition:
        return definition["artifactType"].get("schemaTitle", "Artifact").rpartition(".")[2]
    kind = TYPES.get(definition["parameterType"])
    return kind.__name__ if kind else definition["parameterType"].lower()


def _notes(task: Task) -> dict[str, str]:
    """What a picture tells about a task, a group's notes included in those of its tasks."""
    container, retry = task.executor.get("container", {}), task.spec.get("retryPolicy", {})
    needs = sorted(
        pair for pair in container.get("resources", {}).items() if pair[0].startswith("resource")
    )
    notes = {
        re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key[8:]).lower(): str(value) for key, value in needs
    }
    notes |= {
        f"kubernetes {key}": re.sub(r"[{}']", "", str(value)) for key, value in task.cluster.items()
    }
    if task.iterator:
        limit = task.spec.get("iteratorPolicy", {}).get("parallelismLimit")
        over = task.iterator["items"].get("raw") or task.items.replace("pipelinechannel--", "")
        notes["loop"] = f"for each of {over}" + (f", at most {limit} at once" if limit else "")
    if gpu := container.get("resources", {}).get("accelerator"):
        notes["accelerator"] = f"{gpu.get('resourceCount')} × {gpu.get('resourceType')}"
    if "enableCache" not in task.spec.get("cachingOptions", {"enableCache": True}):
        notes["cache"] = "off"
    notes["condition"] = readable(task.trigger.get("condition", ""))
    notes["trigger"] = (
        task.trigger.get("strategy") == ALWAYS
        and "when everything upstream has ended, however it ended"
    )
    notes["retries"] = (
        retry and f"{retry['maxRetryCount']}, the first after {retry.get('backoffDuration', '0s')}"
    )
    notes["image"] = container.get("image")
    return {key: value for key, value in notes.items() if value}


_CAST = {"int": int, "double": float, "string": str, "bool": bool}
_COMPARE = {ast.Eq: eq, ast.NotEq: ne, ast.Lt: lt, ast.LtE: le, ast.Gt: gt, ast.GtE: ge}
_SIGNS = {"&&": " and ", "||": " or ", "!": "~", "true": "True", "false": "False"}
_SIGN = re.compile(r"'(?:[^'\\]|\\.)*'|&&|\|\||!(?!=)|\btrue\b|\bfalse\b")


def readable(condition: str) -> str:
    """A condition without the compiler's wrapping."""
    plain = re.sub(r"inputs\.parameter_values\['(?:pipelinechannel--)?([^']+)'\]", r"\1", condition)
    return re.sub(r"\b(?:int|double)\(([\w-]+)\)", r"\1", plain)


def holds(condition: str, values: Mapping[str, Any]) -> bool:
    """Whether a trigger condition is true of these input values; raise PipelineError where it says nothing.

    The compiler's few operators are rewritten as Python's and parsed; the tree is walked, nothing is ever evaluated.
    """
    try:
        text = _SIGN.sub(lambda match: _SIGNS.get(match[0], match[0]), condition)
        result = _value(ast.parse(text.strip(), mode="eval").body, values)
        if not isinstance(result, bool):
            raise TypeError(f"{result!r} is neither true nor false")
    except (LookupError, ValueError, TypeError, SyntaxError) as error:
        raise PipelineError(
            f"condition {readable(condition)!r} cannot be decided: {error}"
        ) from None
    return result


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.BoolOp(operator, parts):
            found = [_value(part, values) for part in parts]
            return all(found) if isinstance(operator, ast.And) else any(found)
        case ast.UnaryOp(ast.Invert(), operand):
            return not _value(operand, values)
        case ast.Compare(first, [operator], [second]) if type(operator) in _COMPARE:
            left, right = _value(first, values), _value(second, values)
            if len({float if type(side) is int else type(side) for side in (left, right)}) > 1:
                raise TypeError(f"{left!r} and {right!r} are of different types")
            return _COMPARE[type(operator)](left, right)
        case ast.Call(ast.Name(name), [inner]) if name in _CAST:
            return _CAST[name](_value(inner, values))
        case ast.Subscript(
            ast.Attribute(ast.Name("inputs"), "parameter_values"), ast.Constant(key)
        ):
            if key not in values:
                raise LookupError(f"{key.removeprefix('pipelinechannel--')} has no value")
            return values[key]
    return ast.literal_eval(node)
