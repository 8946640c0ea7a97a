"""A run with its buttons: what a learner presses becomes work, what happens becomes a page."""

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from workbench import workspace
from workbench.engines.registry import injections
from workbench.events import Event
from workbench.execution import Run
from workbench.graph import PipelineError
from workbench.panel import captions, controls, details, forms
from workbench.panel.drawn import Drawn
from workbench.panel.marks import marks
from workbench.panel.page import saved
from workbench.panel.painter import Painter
from workbench.panel.view import FIRST_MOMENT, View
from workbench.panel.worker import Worker
from workbench.picture import picture
from workbench.steering.measures import measures


def step(thing: Any, **parameters: Any) -> "Panel":
    """See and steer a run of ``thing``: a Run that there is already, or anything that can be run.

    Raise PipelineError for parameters of a Run, which has its own already.
    """
    workspace.start()
    if not isinstance(thing, Run):
        return Panel(Run(thing, **parameters))
    if parameters:
        raise PipelineError(
            f"this run has its parameters already; make a new one for {', '.join(parameters)}"
        )
    return Panel(thing)


class Panel(View):
    """A run with its buttons. Tasks run in threads; what happens reaches the page in batches.

    ``run`` is the run that is shown and ``runs`` those that the learner can turn to: the first
    and what was forked off since. What a learner does arrives as a message, see `told`.
    """

    def __init__(self, run: Run) -> None:
        self.runs: list[Run] = []
        self._ways = injections(run.engine.name)
        self._way, self._instance, self._comparison = self._ways[0], None, ""
        self._measured = False
        self._earlier: Path | None = None  # a run that was left half-way
        self._painting = threading.RLock()  # one thread at a time sets what the page shows
        self._painter = Painter(self._paint)
        self._worker = Worker(failed=self._say, changed=self._painter.heard)
        self._actions: dict[str, Callable[[Run], object]] = {
            "Step": self._step,
            "Run to here": lambda run: run.run_to(self.task),
            "Run all": Run.run_all,
            "Stop": Run.stop,
            "Back": lambda run: run.back(controls.moment_before(run)),
            "Retry": lambda run: run.retry(self.task),
            "Inject failure": self._inject,
            "Reset": lambda run: self._begin(run.again()),
            "Resume": lambda run: self._begin(Run.resume(self._earlier, run.thing)),
            controls.SAVE: self._save,
        }
        tips = controls.TIPS | {controls.SAVE: controls.SAVES}
        super().__init__(toolbar=controls.TOOLBAR, tips=tips, tabs=controls.TABS, tab="output")
        self.observe(lambda _: self._painter.heard(), ["selected", "tab"])
        self._begin(run)

    # What there is to see

    @property
    def task(self) -> str | None:
        """The selected task; of a node that stands for several, the chosen instance."""
        return (self._instance if self.selected in self._drawn.folds else self.selected) or None

    def wait(self, seconds: float = 60.0) -> None:
        """Wait until what was begun here has ended and can be seen; raise TimeoutError when that
        takes longer than ``seconds``."""
        limit = time.monotonic() + seconds
        while not self._painter.join(0.2) or self._worker.active:
            if time.monotonic() > limit:
                name = self.run.record.name
                raise TimeoutError(f"tasks of {name!r} are still running after {seconds:g} s")
            time.sleep(0.01)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The widget, and for where there is no browser the same as a picture and one sentence."""
        graph, states = self.run.graph, self.run.states
        untouched = set(states.values()) == {"pending"}
        still = picture(graph, states, svg=self.svg if untouched else None)  # laid out once
        count = f"{captions.finished(states)} of {len(states)} tasks finished"
        text = f"Panel of {self.run.record.name}: {count}; open in JupyterLab to steer it."
        widget, metadata = super()._repr_mimebundle_(**options)  # Colab's is how to show a widget
        bundle = {**widget, **still._repr_mimebundle_(), "text/plain": text}
        return bundle, {**metadata, **workspace.told(self.run.record.folder)}

    # What there is to do

    def told(
        self,
        press: str | None = None,
        fork: str | None = None,
        moment: int | None = None,
        choose: tuple[str, str] | None = None,
        select: str | None = None,
        tab: str | None = None,
        fill: tuple[str, Any] | None = None,
        measure: bool | None = None,
    ) -> None:
        """Do what the learner did on the page: press a button, fork with another output, look at
        the moment after an event, choose one of several, select a node, open a tab, fill in a
        form, show or hide figures."""
        if press in self._actions and press not in self.blocked:
            begin = self._worker.beside if press in controls.WHILE_RUNNING else self._worker.alone
            begin(partial(self._do, self._actions[press]))
        if fork is not None:
            self._worker.alone(partial(self._do, partial(self._fork, fork)))
        if moment is not None:
            self._move(moment)
        if choose is not None:
            self._choose(*choose)
        if select in self.names:
            self.selected = select
        if tab in controls.TABS:
            self.tab = tab
        if fill and fill[0] in forms.ACTS:
            self._fill(*fill)
        if measure is not None:
            self._measured = measure
            self.refresh()

    def _do(self, action: Callable[[Run], object]) -> None:
        with self._painting:
            self.message = ""
        action(self.run)

    def _say(self, error: Exception) -> None:
        kind = "" if isinstance(error, PipelineError) else f"{type(error).__name__}: "
        with self._painting:
            self.message = f"{kind}{error}"

    def _step(self, run: Run) -> None:
        stepped = run.step(self.task if self.task in run.ready() else None)
        with self._painting:
            self.selected = self._drawn.node.get(stepped, self.selected)

    def _inject(self, run: Run) -> None:
        lifting = self.task in run.injections
        run.inject(self.task, None if lifting else self._way)

    def _fork(self, text: str, before: Run) -> None:
        task = self.task
        after = before.fork({task: forms.edited(text)})
        self.runs.append(after)
        self._show(after)
        after.run_all()
        self._comparison = forms.differences(task, before, after)

    def _fill(self, form: str, filled: Any) -> None:
        begin = self._worker.alone if form in forms.RUNS else self._worker.beside
        begin(partial(self._do, partial(forms.act, form, self.task or "", filled)))

    def _save(self, run: Run) -> None:
        path = saved(run)
        with self._painting:
            self.message = f"Saved as {path}: it opens in any browser, without a kernel."

    def _move(self, seq: int) -> None:
        if not self.run.busy and -1 <= seq < len(self.run.record):
            self.run.back(seq)
        self.refresh()

    def _choose(self, name: str, value: str) -> None:
        names = controls.run_names(len(self.runs))
        if name == controls.SHOWN and value in names and not self._busy:
            self._show(self.runs[names.index(value)])
        elif name == controls.INSTANCE:
            self._instance = value
        elif name == controls.WAY and value in self._ways:
            self._way = value
        self.refresh()

    def _begin(self, run: Run) -> None:
        for earlier in self.runs:
            earlier.close()
        self._comparison = ""
        self._earlier, self.runs = run.unfinished(), [run]
        self._show(run)

    def _show(self, run: Run) -> None:
        """Turn to a run: a new one, one that was forked off, or an earlier one of these."""
        with self._painting:
            self.run, self._drawn = run, Drawn(run.record)
            self._painted = 0  # events that the page has shown
            self._ready: list[str] = []
            self._ready_at: Any = None  # the moment for which they were found
            self._detailed: Any = None  # what the open tab shows: task, tab, cursor, comparison
            if self._heard not in run.record.listeners:
                run.record.listeners.append(self._heard)
        self.refresh()

    # How what happens reaches the page

    def _heard(self, _: Event | None = None) -> None:
        self._painter.heard()

    def _paint(self) -> tuple[bool, bool]:
        """Refresh; say whether there was news, and whether the clock goes on."""
        before = self._painted
        try:
            self.refresh()
        except Exception as error:  # also said: the thread that paints has nobody to raise it to
            self._say(error)
        return self._painted > before, self._busy

    def refresh(self) -> None:
        """Bring the page up to date with the run, in one message; only what differs is sent."""
        with self._painting, self.hold_sync():
            run, events, states = self.run, self.run.record.events, self.run.states
            fresh, self._painted = events[self._painted :], len(events)
            self.held = self._busy = self._worker.busy or run.busy
            moment = len(events), run.cursor
            if not self._busy and self._ready_at != moment:
                self._ready_at, self._ready = moment, controls.startable(run, states)
            touched = {event.task for event in fresh}
            self._draw(states, touched)
            self.title = captions.title(run, states, self.now)
            self.moment = captions.moment(events, run.cursor)
            self.questions, self.watches = forms.questions(run), forms.watches(run)
            self.measures = measures(run.record.until(run.cursor)).page() if self._measured else {}
            self._offer(states)
            self._detail(touched)
            self._enable()

    def _draw(self, states: dict[str, str], touched: set[str | None]) -> None:
        run = self.run
        if self._drawn.graph is not run.graph:
            self._drawn, touched = Drawn(run.record), set(states)
        drawn = self._drawn
        self.names, self.svg = drawn.names, drawn.svg
        if self.selected not in drawn.names:
            self.selected = drawn.names[0] if drawn.names else ""
        self.states = drawn.states(states)
        self.marks = drawn.marks(states, marks(run, states))
        self.ready = [] if self._busy else drawn.nodes(self._ready)
        self.bars = drawn.bars(touched)
        self.now = run.now if self._busy else run.record.last_at
        self.until = None
        if run.cursor is not None:
            self.until = run.record.events[run.cursor].at if run.cursor >= 0 else FIRST_MOMENT

    def _offer(self, states: dict[str, str]) -> None:
        names, first = self._drawn.instances(self.selected, states)
        if self._instance not in names:
            self._instance = first
        runs = controls.run_names(len(self.runs))
        self.choices = {
            controls.WAY: {"options": list(self._ways), "value": self._way},
            controls.SHOWN: {"options": runs, "value": runs[self.runs.index(self.run)]},
            controls.INSTANCE: {"options": list(names), "value": self._instance or ""},
        }

    def _enable(self) -> None:
        reasons = controls.blocked(
            self.run, self.task, self._ready, self._busy, bool(self._earlier)
        )
        self.blocked = {name: reason for name, reason in reasons.items() if reason}
        lifting = self.task in self.run.injections
        self.captions = {"Inject failure": "Lift failure"} if lifting else {}

    def _detail(self, touched: set[str | None]) -> None:
        """The selected task: its headline always, its open tab when that may have changed."""
        run, task, tab = self.run, self.task, self.tab
        self.headline = details.headline(run, task) if task else {}
        if not task:
            self.content = {}
            return
        upstream = run.graph.any_upstream(task)
        growing = tab == "log" and run.states.get(task) == "running"
        steered = run.breakpoints.get(task), run.graph.noted(task)
        now = (task, tab, run.cursor, self._comparison, *steered)
        before, self._detailed = self._detailed, now
        if self._detailed == before and not growing and touched.isdisjoint({task, *upstream}):
            return
        if tab == "fork":
            self.content = {"fork": forms.fork(run, task, self._comparison)}
        elif tab == "steer":
            self.content = {"steer": forms.steer(run, task)}
        else:
            self.content = details.page(tab, run, task)
