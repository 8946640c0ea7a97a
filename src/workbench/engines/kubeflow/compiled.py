"""Reading what kfp's compiler makes: a YAML file, or the specification of a pipeline in memory.

Nothing of kfp is imported, so that a YAML file alone is read in milliseconds.
"""

import re
from pathlib import Path
from typing import Any

from workbench import workspace
from workbench.engines.kubeflow.drawing import drawn
from workbench.engines.kubeflow.spec import Dag, Source, Spec, Task
from workbench.graph import Graph, PipelineError

NEWEST = (2, 1)  # the schema of kfp 2.16
DEEPEST = 200  # lists and mappings within each other


def read(thing: Any) -> Spec:
    """Read a pipeline, a component or a compiled file; raise PipelineError for all else."""
    origin, document, platform = _documents(thing)
    _check(document, origin)
    try:
        return _spec(document, platform)
    except (KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        missing = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise PipelineError(
            f"{origin}: the specification is damaged ({missing}); compile the pipeline again"
        ) from None


def _documents(thing: Any) -> tuple[str, Any, dict]:
    """What messages call it, the pipeline's specification, and the cluster's part of it."""
    if isinstance(thing, (str, Path)):
        document, *rest = _yaml(workspace.located(thing))
        platform = rest[0] if rest and isinstance(rest[0], dict) else {}
        return str(thing), document, platform
    if not hasattr(thing, "pipeline_spec"):
        kind = type(thing).__name__
        raise PipelineError(
            f"a {kind} of kfp cannot be run by itself; give a pipeline or a component"
        )
    from google.protobuf.json_format import MessageToDict

    platform = MessageToDict(thing.platform_spec) if hasattr(thing, "platform_spec") else {}
    return thing.name, MessageToDict(thing.pipeline_spec), platform


def _yaml(path: Path) -> list:
    import yaml

    try:
        text, loader = (
            path.read_text(encoding="utf-8"),
            getattr(yaml, "CSafeLoader", yaml.SafeLoader),
        )
        depth = 0
        for event in yaml.parse(text, loader):  # to load it in C ends the process where it is deep
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise PipelineError(f"{path}: it is nested deeper than any pipeline")
        return list(yaml.load_all(text, loader)) or [None]
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())[:120]
        raise PipelineError(
            f"{path}: {reason}; give the YAML file that kfp's compiler wrote"
        ) from None


def _check(document: Any, origin: str) -> None:
    """Raise PipelineError unless it is a pipeline of a schema that is read here."""
    fields = document if isinstance(document, dict) else {}
    if not {"pipelineInfo", "root", "schemaVersion"} <= fields.keys():
        kind = "no pipeline (pipelineInfo, root or schemaVersion is missing)"
        if "argoproj.io" in str(fields.get("apiVersion")):
            kind = "an Argo workflow of kfp 1"
        raise PipelineError(
            f"{origin}: {kind}; compile one: "
            "kfp.compiler.Compiler().compile(pipeline, 'pipeline.yaml')"
        )
    _check_groups(fields, origin)
    version = str(fields["schemaVersion"])
    if tuple(map(int, re.findall(r"\d+", version)[:2])) > NEWEST:
        newest = "{}.{}, which is read here; use kfp 2.16".format(*NEWEST)
        raise PipelineError(f"{origin}: schema {version} is newer than {newest}")


def _check_groups(document: dict, origin: str) -> None:
    """Raise PipelineError for a group that kfp's compiler has mixed up: it has no tasks left, and
    its outputs are said to come from them."""
    components = document.get("components") or {}
    for name, component in components.items() if isinstance(components, dict) else ():
        dag = component.get("dag") if isinstance(component, dict) else None
        if isinstance(dag, dict) and dag.get("outputs") and not dag.get("tasks"):
            raise PipelineError(
                f"{origin}: kfp's compiler has taken two groups of one name for one ({name} has "
                "outputs and no tasks), as it does where a pipeline and one inside it both branch; "
                "compiling again gives the same: let only one of them have groups with outputs"
            )


def _spec(document: dict, platform: dict) -> Spec:
    kubernetes = platform.get("platforms", {}).get("kubernetes", {})
    cluster = kubernetes.get("deploymentSpec", {}).get("executors", {})
    dag = _dag(document["root"], document, cluster)
    accepts = _definitions(document["root"], "input")
    name = (document["pipelineInfo"] or {}).get("name")
    return Spec("" if name is None else str(name), dag, accepts, drawn(dag))


def _definitions(component: dict, side: str) -> dict[str, dict]:
    """Parameters and artifacts, which kfp keeps apart, of one side (input or output)."""
    return dict(sorted(_both(component.get(f"{side}Definitions", {})).items()))


def _both(fields: dict) -> dict:
    return {**fields.get("parameters", {}), **fields.get("artifacts", {})}


def _dag(component: dict, document: dict, cluster: dict, retry: dict | None = None) -> Dag:
    """The DAG of a component; a group's retries hold for the tasks in it."""
    inherited = {"retryPolicy": retry} if retry else {}
    # sorted, because a specification in memory has no order
    tasks = {
        name: _task({**inherited, **spec}, document, cluster)
        for name, spec in sorted(component["dag"]["tasks"].items())
    }
    edges = [(other, name) for name, task in tasks.items() for other in sorted(task.upstream)]
    outputs = _both(component["dag"].get("outputs", {}))
    return Dag(
        {name: tasks[name] for name in Graph.of(tasks, edges).tasks},
        {key: _producers(source) for key, source in outputs.items()},
    )


def _task(spec: dict, document: dict, cluster: dict) -> Task:
    component = document["components"][spec["componentRef"]["name"]]
    label = component.get("executorLabel")
    inner, executor = None, {}
    if "dag" in component:
        inner = _dag(component, document, cluster, spec.get("retryPolicy"))
    elif label is None:
        name = spec.get("taskInfo", {}).get("name", "a group")
        raise PipelineError(f"{name} holds no task; put one into it, or leave it out")
    else:
        executor = document["deploymentSpec"]["executors"][label]
    received = _both(spec.get("inputs", {}))
    sources = {key: _source(source) for key, source in sorted(received.items())}
    upstream = {source.name for source in sources.values() if source.kind in ("task", "status")}
    upstream = frozenset(upstream.union(spec.get("dependentTasks", ())))
    definitions = _definitions(component, "input"), _definitions(component, "output")
    placed = cluster.get(label, {})
    return Task(*definitions, sources, upstream, spec, inner, executor, placed)


def _source(fields: dict) -> Source:
    selector = fields.get("parameterExpressionSelector", "")
    field = re.search(r'\["(.+)"\]', selector)
    part = field[1] if field else None
    kind = next(key for key in fields if key != "parameterExpressionSelector")
    value = fields[kind]
    if kind == "runtimeValue":
        return Source("constant", value=value["constant"])
    if kind.startswith("componentInput"):
        return Source("input", value, part=part)
    if kind == "taskFinalStatus":
        return Source("status", value["producerTask"])
    return Source("task", value["producerTask"], _output_key(value), part)


def _producers(source: dict) -> list[tuple[str, str]]:
    one_of = source.get("valueFromOneof", {}).get("parameterSelectors")
    selectors = one_of or source.get("artifactSelectors") or [source["valueFromParameter"]]
    return [(selector["producerSubtask"], _output_key(selector)) for selector in selectors]


def _output_key(fields: dict) -> str:
    return fields.get("outputParameterKey") or fields["outputArtifactKey"]
