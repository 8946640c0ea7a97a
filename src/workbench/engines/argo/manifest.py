"""A workflow as a file has it, or Hera builds it: its templates, what it asks of a cluster."""

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from workbench.engines.argo.expression import EXPRESSION, tags_in
from workbench.graph import PipelineError

_KINDS = ("Workflow", "CronWorkflow", "WorkflowTemplate", "ClusterWorkflowTemplate")
_LEAVES = ("script", "container", "suspend")
_GROUPS = ("dag", "steps")
_ELSEWHERE = {  # what a template may be that only a cluster can do
    "resource": "makes an object of a cluster",
    "http": "is requested by an agent in a cluster",
    "plugin": "is run by a plugin of a cluster",
    "containerSet": "is several containers of one pod",
    "data": "reads an artifact store",
}
_BESIDE = ("sidecars", "initContainers", "daemon")
CONTROLLERS = {  # what a workflow, a template or its container may have that only a cluster does
    "synchronization": "waits for a lock of Argo's controller",
    "hooks": "has hooks, which Argo's controller calls",
    "volumeMounts": "mounts volumes of a cluster",
}
# What a tag may say of the workflow here; the rest is known to Argo's controller alone.
_KNOWN = re.compile(r"workflow\.(name|uid|status|parameters(\..+)?)$|(?!workflow\.)(?!lastRetry\.)")
PYTHON = ("python", "python3")  # what a script may call the Python that runs it
_RETRY = {"limit", "backoff", "retryPolicy"}  # of a retryStrategy, what is read
_STORES = ("s3", "gcs", "git", "http", "oss", "azure", "hdfs", "artifactory")


@dataclass(frozen=True)
class Manifest:
    """A workflow's name, its specification, and all templates by their names."""

    name: str
    spec: Mapping[str, Any]
    templates: Mapping[str, Mapping[str, Any]]

    def template(self, call: Mapping[str, Any], path: str) -> Mapping[str, Any]:
        """The template of a step or task; raise PipelineError where there is none."""
        if "inline" in call:
            return call["inline"]
        reference = call.get("templateRef", {})
        name = reference.get("template") or call.get("template")
        if name is None:
            raise PipelineError(
                f"workflow {self.name!r} has no entrypoint: it is templates for others; a Workflow "
                "says where it starts"
            )
        if name not in self.templates and reference:
            raise PipelineError(
                f"workflow {self.name!r}: {path!r} calls a template of {reference.get('name')!r}, "
                "which is in a cluster; put that WorkflowTemplate into the file"
            )
        if name not in self.templates:
            raise PipelineError(
                f"workflow {self.name!r}: {path or 'entrypoint'!r} calls the template {name!r}, "
                f"which is not here (templates: {', '.join(self.templates) or 'none'})"
            )
        return self.templates[name]


def is_workflow(path: Path) -> bool:
    """Whether a file is a workflow of Argo's."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return bool(re.search(rf"""^[\s"]*kind["']?:\s*["']?({"|".join(_KINDS)})\b""", text, re.M))


def read(thing: Any) -> Manifest:
    """The workflow in a file, or of Hera; raise PipelineError for what is none."""
    if isinstance(thing, (str, Path)):
        try:
            documents = list(yaml.safe_load_all(Path(thing).read_text(encoding="utf-8")))
        except (OSError, yaml.YAMLError) as error:
            raise PipelineError(f"{thing}: {' '.join(str(error).split())}") from None
    else:
        documents = [thing.to_dict()]
    return _manifest(str(thing), [document for document in documents if isinstance(document, dict)])


def _manifest(where: str, documents: list[dict]) -> Manifest:
    """The first that is no template, with the templates of all."""
    workflows = [document for document in documents if document.get("kind") in _KINDS]
    first = [
        workflow for workflow in workflows if not workflow["kind"].endswith("Template")
    ] or workflows
    if not first:
        raise PipelineError(f"{where:.80}: no kind: Workflow in it")
    specs = [
        workflow.get("spec", {}).get("workflowSpec") or workflow.get("spec", {})
        for workflow in workflows
    ]
    spec = first[0].get("spec", {})
    spec = spec.get("workflowSpec") or spec
    named = {
        workflow.get("metadata", {}).get("name"): workflow.get("spec", {})
        for workflow in workflows
        if workflow["kind"].endswith("Template")
    }
    if reference := spec.get("workflowTemplateRef"):
        if reference.get("name") not in named:
            raise PipelineError(
                f"{where:.80}: workflowTemplateRef {reference.get('name')!r} is in a cluster; put "
                "that WorkflowTemplate into the file"
            )
        spec = {**named[reference["name"]], **spec}
    kinds = {*_LEAVES, *_GROUPS, *_ELSEWHERE}
    default = {k: v for k, v in (spec.get("templateDefaults") or {}).items() if k not in kinds}
    templates = {
        t.get("name"): {**default, **t} for spec in specs for t in spec.get("templates") or ()
    }
    about = first[0].get("metadata", {})
    name = about.get("name") or about.get("generateName", Path(where).name).rstrip("-")
    return Manifest(name, spec, templates)


def kind_of(template: Mapping[str, Any]) -> str:
    """Which of Argo's kinds a template is; empty for none."""
    kinds = (*_LEAVES, *_GROUPS, *_ELSEWHERE)
    return next((kind for kind in kinds if kind in template), "")


def unsaid(call: Mapping[str, Any], template: Mapping[str, Any]) -> Iterator[str]:
    """Why a step or task, whatever it calls, cannot go as its file says."""
    group = template.get("dag") or {}
    own = {key: one for key, one in template.items() if key not in _GROUPS}
    for name in ("hooks", "onExit"):
        if call.get(name):
            yield f"has {name}, which Argo's controller calls; write a task that follows it"
    if group.get("target"):
        yield "runs a part of its tasks only (target); take the others out"
    if template.get("failFast"):
        yield "ends with the first failure in it (failFast); take that out: all of them go on here"
    for tag in tags_in([call, own]):
        if tag.startswith("="):
            yield f"has the expression {{{{{' '.join(tag.split()):.40}}}}}; write a plain tag"
        elif tag.endswith(".exitCode") or not _KNOWN.match(tag):
            yield f"reads {{{{{tag}}}}}, which only Argo's controller knows; write its value"
    for kind in ("parameters", "artifacts"):
        for output in (template.get("outputs") or {}).get(kind) or ():
            if EXPRESSION & {*output, *(output.get("valueFrom") or ())}:
                yield f"computes its output {output['name']!r} by an expression; name one output"


def hindrances(template: Mapping[str, Any], path: str, stood_in: frozenset[str]) -> Iterator[str]:
    """Why a leaf cannot run on this machine."""
    kind = kind_of(template)
    if path in stood_in:
        return
    own = template.get(kind) or {}
    if kind in _ELSEWHERE or not kind:
        yield f"{_ELSEWHERE.get(kind, 'is of no kind that is known')}; give a stand_in for it"
    if kind == "container" and not own.get("command"):
        yield f"gives no command, and the image {own.get('image')!r} is not here; write its command"
    if kind == "container" and own.get("command") and not _is_here(str(own["command"][0])):
        yield f"runs {own['command'][0]!r}, which is not on this machine; give a stand_in for it"
    if kind == "suspend" and "duration" not in own:
        yield "waits for a person: give the answer as its stand_in"
    for name in _BESIDE:
        if template.get(name):
            yield f"has {name}, which are containers beside it in a pod; take them out"
    for name, does in CONTROLLERS.items():
        if template.get(name) or own.get(name):
            yield f"{does}; take {name} out, or give a stand_in for it"
    for variable in own.get("env") or ():
        if "valueFrom" in variable:
            yield f"takes ${variable['name']} from a cluster; write its value"
    for artifact in (template.get("inputs") or {}).get("artifacts") or ():
        if store := next((store for store in _STORES if store in artifact), None):
            yield f"reads its artifact {artifact['name']!r} from {store}; give it by raw or from"
    if "limit" not in (template.get("retryStrategy", {"limit": 0}) or ()):
        yield "is tried again for ever; give its retryStrategy a limit"
    retry = template.get("retryStrategy") or {}
    if "inputs." in str([template.get("timeout"), template.get("activeDeadlineSeconds"), retry]):
        yield "takes its time limit or its retries from an input; write the number"
    if retry.keys() - _RETRY or retry.get("retryPolicy", "Always") not in ("Always", "OnFailure"):
        yield "says which failures are tried again; all are, here: leave limit and backoff"


def _is_here(command: str) -> bool:
    return "{{" in command or command in PYTHON or shutil.which(command) is not None
