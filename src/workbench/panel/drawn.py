"""The graph of a run as it is drawn, laid out once; what happens changes states, marks and bars.

A node may stand for many instances. Lists go by the nodes as drawn.
"""

from collections.abc import Iterable, Mapping, Sequence

from workbench.folding import folded, foremost
from workbench.graph import template_of
from workbench.picture import LOOK, layout
from workbench.record import Record

MANY = 100  # nodes that are drawn for a narrow screen, too
Bar = list  # node, task, attempt, start, end, state


class Drawn:
    """``node`` is task → the node that shows it, ``folds`` node → the instances it stands for."""

    def __init__(self, record: Record) -> None:
        self._record, self.graph = record, record.graph
        shown, self.folds = folded(self.graph, record.states())
        self.names = list(shown.tasks)
        self.node = {task: node for node in shown.tasks for task in self.folds.get(node, (node,))}
        self._of_template: dict[str, list[str]] = {}
        for node in shown.tasks:
            self._of_template.setdefault(template_of(node), []).append(node)
        self._shown = shown
        self.svg = layout(shown, dict.fromkeys(shown.tasks, "pending")) or ""
        self._bars: dict[str, list[Bar]] = {}

    def tall(self) -> str:
        """The drawing for a narrow screen, from top to bottom; empty where nodes are too many."""
        pending = dict.fromkeys(self.names, "pending")
        return layout(self._shown, pending, tall=True) or "" if len(pending) <= MANY else ""

    def states(self, states: Mapping[str, str]) -> list[str]:
        """The state that each node is shown in."""
        return [self.state(node, states) for node in self.names]

    def state(self, node: str, states: Mapping[str, str]) -> str:
        """Of several instances the one that most wants to be seen."""
        instances = self.folds.get(node) or (node,)
        return foremost({states.get(name, "pending") for name in instances}) or "pending"

    def nodes(self, tasks: Iterable[str]) -> list[str]:
        """The nodes that show ``tasks``, each once."""
        return list(dict.fromkeys(self.node.get(task, task) for task in tasks))

    def instances(self, node: str, states: Mapping[str, str]) -> tuple[Sequence[str], str | None]:
        """What a node stands for, and the one of them that gives it its state."""
        names, state = self.folds.get(node, ()), self.state(node, states)
        return names, next((name for name in names if states.get(name) == state), None)

    def marks(
        self, states: Mapping[str, str], of_tasks: Mapping[str, Sequence[str]]
    ) -> dict[str, str]:
        """Node → what its colour does not say: its instances' states, and its tasks' marks."""
        marks: dict[str, list[str]] = {}
        for node, instances in self.folds.items():
            those = [states.get(name, "pending") for name in instances]
            counts = [f"{those.count(state)} {state}" for state in LOOK if state in those]
            marks[node] = [", ".join(counts)]
        for task, own in of_tasks.items():
            for node in self._showing(task):
                marks.setdefault(node, []).extend(own)
        return {node: "; ".join(dict.fromkeys(own)) for node, own in marks.items()}

    def _showing(self, task: str) -> list[str]:
        """The nodes of a task; of a template those of its instances."""
        return [self.node[task]] if task in self.node else self._of_template.get(task, [])

    def bars(self, touched: Iterable[str | None]) -> list[Bar]:
        """Every attempt; those at ``touched`` tasks have changed since this was asked last."""
        for task in filter(None, touched):
            attempts, node = self._record.attempts(task), self.node.get(task, task)
            self._bars[task] = [[node, task, a.number, a.start, a.end, a.state] for a in attempts]
        return [bar for bars in self._bars.values() for bar in bars]
