"""The widget that shows a run: its graph, laid out once and restyled, above a growing timeline."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import anywidget
import traitlets

from workbench.events import Event
from workbench.execution import Run
from workbench.folding import folded, foremost
from workbench.picture import LOOK, layout

FIRST_MOMENT = -1.0  # seconds: before every attempt


class Dag(anywidget.AnyWidget):
    """Lists of names and states go by the nodes as drawn; a node may stand for many instances.

    ``node`` is task → the node that shows it, ``folds`` node → the instances that it stands for.
    """

    _esm = Path(__file__).parent / "panel.js"
    _css = Path(__file__).parent / "panel.css"
    look = traitlets.Dict({state: list(look) for state, look in LOOK.items()}).tag(sync=True)
    svg = traitlets.Unicode().tag(sync=True)
    names = traitlets.List().tag(sync=True)
    states = traitlets.List().tag(sync=True)
    marks = traitlets.Dict().tag(sync=True)
    ready = traitlets.List().tag(sync=True)
    bars = traitlets.List().tag(sync=True)
    now = traitlets.Float().tag(sync=True)
    until = traitlets.Float(None, allow_none=True).tag(sync=True)
    selected = traitlets.Unicode().tag(sync=True)
    blocked = traitlets.Dict().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)

    def turn_to(self, run: Run) -> None:
        """Forget what was shown, and show ``run`` from now on."""
        self._run, self._drawn = run, None
        self._bars: dict[str, list[list]] = {}
        self.node: dict[str, str] = {}
        self.folds: Mapping[str, Sequence[str]] = {}

    def paint(
        self, states: Mapping[str, str], fresh: Iterable[Event], ready: Iterable[str], busy: bool
    ) -> None:
        """Show ``states`` and what ``fresh`` events have added, in one message."""
        run = self._run
        with self.hold_sync():
            if self._drawn is not run.graph:
                self._lay_out()
            self.states = [self._state(node, states) for node in self.names]
            self.marks = self._marks(states)
            nodes = dict.fromkeys(self.node.get(task, task) for task in ready)
            self.ready = [] if busy else list(nodes)
            for task in {event.task for event in fresh if event.task}:
                self._bars[task] = self._bars_of(task)
            self.bars = [bar for bars in self._bars.values() for bar in bars]
            self.now = run.now if busy else run.record.last_at
            self.until = self._until()

    def instances(self, states: Mapping[str, str]) -> tuple[Sequence[str], str | None]:
        """What the selected node stands for, and the one of them that gave it its state."""
        names = self.folds.get(self.selected, ())
        state = self._state(self.selected, states)
        return names, next((name for name in names if states.get(name) == state), None)

    def _marks(self, states: Mapping[str, str]) -> dict[str, str]:
        """Node → what its colour does not say: injected failures, and its instances' states."""
        marks = {
            self.node.get(task, task): f"⚡ {how}" for task, how in self._run.injections.items()
        }
        for node, instances in self.folds.items():
            those = [states.get(name, "pending") for name in instances]
            counts = ", ".join(f"{those.count(state)} {state}" for state in LOOK if state in those)
            marks[node] = f"{counts}; {marks[node]}" if node in marks else counts
        return marks

    def _bars_of(self, task: str) -> list[list]:
        node, attempts = self.node.get(task, task), self._run.record.attempts(task)
        return [[node, task, a.number, a.start, a.end, a.state] for a in attempts]

    def _until(self) -> float | None:
        """Where the timeline ends while looking back, in seconds since the run began."""
        cursor = self._run.cursor
        if cursor is None:
            return None
        return self._run.record.events[cursor].at if cursor >= 0 else FIRST_MOMENT

    def _state(self, node: str, states: Mapping[str, str]) -> str:
        instances = self.folds.get(node) or (node,)
        return foremost({states.get(name, "pending") for name in instances}) or "pending"

    def _lay_out(self) -> None:
        self._drawn = self._run.graph
        shown, self.folds = folded(self._drawn, self._run.record.states())
        self.node = {task: node for node in shown.tasks for task in self.folds.get(node, (node,))}
        self.names = list(shown.tasks)
        self.svg = layout(shown, dict.fromkeys(shown.tasks, "pending")) or ""
        if self.selected not in shown.tasks:
            self.selected = shown.tasks[0] if shown.tasks else ""
