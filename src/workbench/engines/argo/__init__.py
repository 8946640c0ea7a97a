"""Argo Workflows: workflow files and Hera's workflows, without a cluster."""

from workbench.engines.registry import Spec

_GRAPHS = ("parameters", "order-only edges", "skipped branch", "mapped tasks", "growing graph")
_TASKS = ("retries", "timeout", "source", "words", "hang", "corrupt output", "kill")

SPEC = Spec(
    name="argo",
    title="Argo Workflows",
    gives="an Argo workflow",
    adapt="workbench.engines.argo.engine:adapt",
    modules=("hera",),
    suffixes=(".yaml", ".yml", ".json"),
    sign=r"""kind["']?:\s*["']?(Cron|Cluster)?Workflow""",
    holds="workbench.engines.argo.manifest:is_workflow",
    whole=frozenset({"Workflow", "CronWorkflow", "WorkflowTemplate"}),
    distribution="hera",
    version="7.1.0",
    internals="workbench.engines.argo.internals",
    imports="import hera.workflows",
    capabilities=frozenset(_GRAPHS + _TASKS),
)
