"""AWS Step Functions: state machines, executed by moto, functions in the place of its Lambda."""

from workbench.engines.registry import Spec
from workbench.engines.stepfunctions.definition import StateMachine, looks_like

__all__ = ["SPEC", "StateMachine"]

_GRAPHS = ("parameters", "order-only edges", "skipped branch", "mapped tasks", "growing graph")
_TASKS = ("retries", "timeout", "source", "words", "hang", "corrupt output", "kill")

SPEC = Spec(
    name="stepfunctions",
    title="Step Functions",
    gives="a StateMachine",
    adapt="workbench.engines.stepfunctions.engine:adapt",
    modules=("moto.stepfunctions", "workbench.engines.stepfunctions"),
    recognise=looks_like,
    suffixes=(".json", ".yaml", ".yml"),
    sign=r"\.asl\.\w+\n|\bStartAt\b",
    holds="workbench.engines.stepfunctions.definition:is_machine",
    whole=frozenset({"StateMachine"}),
    distribution="moto",
    version="5.2.2",
    imports="import moto.stepfunctions.parser.backend.execution_worker",
    internals="workbench.engines.stepfunctions.internals",
    capabilities=frozenset(_GRAPHS + _TASKS),
)
