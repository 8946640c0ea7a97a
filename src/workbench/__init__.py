"""Learn pipeline automation by running it: draw a DAG, step through a run, break it, mend it."""

from importlib import import_module

_HOME = {
    "Graph": "graph",
    "PipelineError": "graph",
    "Pipeline": "pipeline",
    "Record": "record",
    "Run": "execution",
    "run": "execution",
    "graph_of": "engines.registry",
    "things_in": "engines.files",
    "start": "workspace",
    "draw": "picture",
    "timeline": "gantt",
    "compare": "comparison",
    "why": "steering.reasons",
    "step": "panel",
    "prove": "trial",
    "predict": "course.acts",
    "expect": "course.acts",
    "aim": "course.acts",
    "hint": "course.derive",
    "solution": "course.derive",
    "progress": "course.gradebook",
}
__all__ = [name for name in _HOME]  # noqa: C416 - linters know a list when they see one


def __getattr__(name: str):
    """Load the module that owns ``name`` when it is first asked for, so that importing the package
    costs nothing."""
    if name not in __all__:
        raise AttributeError(f"module 'workbench' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"workbench.{_HOME[name]}"), name)
    return value


def load_ipython_extension(shell) -> None:
    """``%load_ext workbench`` makes ``%%answer`` known."""
    shell.register_magics(import_module("workbench.course.magic").AnswerMagics)


def __dir__() -> list[str]:
    return sorted(__all__)
