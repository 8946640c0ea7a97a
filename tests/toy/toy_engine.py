"""Recipes: an engine in a distribution of its own, as small as one can be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.engines.protocol import Scheduled, Ticket
from workbench.engines.registry import Spec
from workbench.engines.sabotage import sabotage
from workbench.graph import Graph


@dataclass(frozen=True)
class Recipe:
    """What people write: task → its function, then the tasks whose results that receives."""

    name: str
    steps: Mapping[str, tuple]


class RecipeEngine(Scheduled):
    """Calls the functions of a recipe; the workbench does the scheduling."""

    name = "toy"

    def __init__(self, recipe: Recipe) -> None:
        self.title, self._steps = recipe.name, recipe.steps
        edges = [(up, task) for task, (_, *upstream) in recipe.steps.items() for up in upstream]
        self.graph = Graph.of(recipe.steps, edges)

    def call(self, ticket: Ticket) -> Any:
        function, *upstream = self._steps[ticket.task]
        results = [ticket.inputs[task] for task in upstream]
        return sabotage(ticket, lambda: function(*results))


def adapt(recipe: Recipe) -> RecipeEngine:
    return RecipeEngine(recipe)


def recipe(**steps: Callable | tuple) -> Recipe:
    """A recipe of functions by the names of their tasks: `recipe(a=make, b=(use, "a"))`."""
    written = {task: step if isinstance(step, tuple) else (step,) for task, step in steps.items()}
    return Recipe("recipe", written)


SPEC = Spec(
    name="toy",
    title="Recipes",
    gives="a Recipe",
    adapt="toy_engine:adapt",
    modules=("toy_engine",),
    whole=frozenset({"Recipe"}),
    distribution="workbench-toy",
    version="1.0",
    imports="import toy_engine",
    settings={"TOY_QUIET": "1"},
    homes={"TOY_HOME": "toy"},
    capabilities=frozenset({"hang", "corrupt output"}),
)
