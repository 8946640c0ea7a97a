"""The widget that shows a run: its graph, laid out once and restyled, above a timeline that grows."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import anywidget
import traitlets

from workbench.events import Event
from workbench.execution import Run
from workbench.folding import folded, foremost
from workbench.picture import LOOK, layout


class Dag(anywidget.AnyWidget):
    """Lists of names and states go by the nodes as drawn; a node may stand for many instances of one task."""

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
        self._run, self._drawn, self._bars, self.node = run, None, {}, {}
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
            marks = {self.node.get(task, task): f"⚡ {how}" for task, how in run.injections.items()}
            for node, instances in self.folds.items():
                found = [states.get(name, "pending") for name in instances]
                counts = (f"{found.count(state)} {state}" for state in LOOK if state in found)
                marks[node] = "; ".join(
                    [", ".join(counts), *([marks[node]] if node in marks else [])]
                )
            self.marks = marks
            self.ready = (
                [] if busy else list(dict.fromkeys(self.node.get(task, task) for task in ready))
            )
            for task in {event.task for event in fresh if event.task}:
                attempts = run.record.attempts(task)
                node = self.node.get(task, task)
                self._bars[task] = [
                    [node, task, a.number, a.start, a.end, a.state] for a in attempts
                ]
            self.bars = [bar for bars in self._bars.values() for bar in bars]
            self.now = run.now if busy else run.record.last_at
            self.until = (
                None
                if run.cursor is None
                else run.record.events[run.cursor].at
                if run.cursor >= 0
                else -1.0
            )

    def _state(self, node: str, states: Mapping[str, str]) -> str:
        instances = self.folds.get(node)
        return foremost({states.get(name, "pending") for name in instances or (node,)}) or "pending"

    def _lay_out(self) -> None:
        self._drawn = self._run.graph
        shown, self.folds = folded(self._drawn, self._run.record.states())
        self.node = {task: node for node in shown.tasks for task in self.folds.get(node, (node,))}
        self.names = list(shown.tasks)
        self.svg = layout(shown, dict.fromkeys(shown.tasks, "pending")) or ""
        if self.selected not in shown.tasks:
            self.selected = shown.tasks[0] if shown.tasks else ""
