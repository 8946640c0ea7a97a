"""A run with its buttons: what a learner presses becomes work, what happens becomes a page."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from workbench import workspace
from workbench.comparison import compare
from workbench.engines.registry import injections
from workbench.events import Event
from workbench.execution import Run
from workbench.graph import PipelineError
from workbench.panel import captions, details
from workbench.panel.controls import WHILE_RUNNING, blocked, moment_before
from workbench.panel.form import FORK, FORK_TAB, TABS, Form
from workbench.panel.painter import Painter
from workbench.panel.view import Dag
from workbench.panel.worker import Worker
from workbench.picture import describe, named, picture


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


class Panel(widgets.VBox):
    """A run with its buttons. Tasks run in threads; what happens reaches the page in batches.

    ``dag`` is the drawn graph, ``form`` everything around it, ``run`` the run that is shown and
    ``runs`` those that the learner can turn to: the first and what was forked off since.
    """

    def __init__(self, run: Run) -> None:
        self.dag, self.form = Dag(), Form(injections(run.engine.name))
        self.runs: list[Run] = []
        self._earlier: Path | None = None  # a run that was left half-way
        self._painting = threading.RLock()  # one thread at a time sets what the page shows
        self._setter: int | None = None  # that thread, see `_on`
        self._painter = Painter(self._paint)
        self._worker = Worker(failed=self._say, changed=self._painter.heard)
        self._actions: dict[str, Callable[[Run], object]] = {
            "Step": self._step,
            "Run to here": lambda run: run.run_to(self.task),
            "Run all": Run.run_all,
            "Stop": Run.stop,
            "Back": lambda run: run.back(moment_before(run)),
            "Retry": lambda run: run.retry(self.task),
            "Inject failure": self._inject,
            "Reset": lambda run: self._begin(run.again()),
            "Resume": lambda run: self._begin(Run.resume(self._earlier, run.thing)),
            FORK: self._fork,
        }
        super().__init__(self.form.around(self.dag), _dom_classes=("wb-panel",))
        self._listen()
        self._begin(run)

    def _listen(self) -> None:
        form = self.form
        for name, button in (*form.buttons.items(), (FORK, form.fork)):
            button.on_click(partial(self._press, name))
        for widget, trait in (
            (self.dag, "selected"),
            (form.instance, "value"),
            (form.tabs, "selected_index"),
        ):
            self._on(widget, trait, lambda _: self.refresh())
        self._on(form.slider, "value", self._move)
        self._on(form.shown_run, "value", lambda number: self._show(self.runs[number]))
        self.dag.on_msg(lambda *_: self._move(len(self.run.record)))  # the slider's End key

    def _on(self, widget: widgets.Widget, trait: str, react: Callable[[Any], None]) -> None:
        """Call ``react`` when the learner changes a trait, and not when this panel does.

        traitlets calls back in the thread that sets, so the panel's own changes are known by their
        thread. This would fail if a change were delivered later, from a queue.
        """

        def changed(change: Any) -> None:
            if self._setter != threading.get_ident():
                react(change.new)

        widget.observe(changed, trait)

    # What there is to see

    @property
    def task(self) -> str | None:
        """The selected task; of a node that stands for several, the chosen instance."""
        node = self.dag.selected
        return (self.form.instance.value if node in self.dag.folds else node) or None

    def wait(self, seconds: float = 60.0) -> None:
        """Wait until what was begun here has ended and can be seen; raise TimeoutError when that
        takes longer than ``seconds``."""
        limit = time.monotonic() + seconds
        while not self._painter.join(0.2) or self._worker.busy:
            if time.monotonic() > limit:
                name = self.run.record.name
                raise TimeoutError(f"tasks of {name!r} are still running after {seconds:g} s")
            time.sleep(0.01)

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        """The widget, and for where there is no browser the same as a picture and one sentence."""
        graph, states = self.run.graph, self.run.states
        if self.dag.svg and set(states.values()) == {"pending"}:
            still = named(self.dag.svg, describe(graph, states))  # a large graph is laid out once
        else:
            still = picture(graph, states).svg
        count = f"{captions.finished(states)} of {len(states)} tasks finished"
        text = f"Panel of {self.run.record.name}: {count}; open in JupyterLab to steer it."
        bundle = {**super()._repr_mimebundle_(**options), "text/plain": text}
        return bundle | ({"image/svg+xml": still} if still else {})

    # What there is to do

    def _press(self, name: str, _button: Any = None) -> None:
        begin = self._worker.beside if name in WHILE_RUNNING else self._worker.alone
        begin(partial(self._do, name))

    def _do(self, name: str) -> None:
        with self._painting:
            self.dag.message = ""
        self._actions[name](self.run)

    def _say(self, error: Exception) -> None:
        kind = "" if isinstance(error, PipelineError) else f"{type(error).__name__}: "
        with self._painting:
            self.dag.message = f"{kind}{error}"

    def _step(self, run: Run) -> None:
        stepped = run.step(self.task if self.task in run.ready() else None)
        with self._setting_traits():
            self.dag.selected = self.dag.node.get(stepped, self.dag.selected)

    def _inject(self, run: Run) -> None:
        lifting = self.task in run.injections
        run.inject(self.task, None if lifting else self.form.injection.value)

    def _fork(self, before: Run) -> None:
        try:
            value = json.loads(self.form.output.value)
        except json.JSONDecodeError as error:
            raise PipelineError(
                f"the new output is not JSON ({error}); "
                'write a number, a "text", a [list] or an {object}'
            ) from None
        task = self.task
        after = before.fork({task: value})
        self.runs.append(after)
        self._show(after)
        after.run_all()
        comparison = compare(before, after)
        differ = escape(", ".join(comparison.different) or "nothing")
        sentence = f"<p>With another output of {escape(task)}, these tasks differ: {differ}.</p>"
        self.form.comparison.value = sentence + comparison.page()

    def _move(self, count: int) -> None:
        """Look at the moment after the first ``count`` events."""
        if not self.run.busy and len(self.run.record):
            self.run.back(count - 1)
        self.refresh()

    def _begin(self, run: Run) -> None:
        for earlier in self.runs:
            earlier.close()
        self.form.comparison.value = ""
        self._earlier, self.runs = run.unfinished(), [run]
        self._show(run)

    def _show(self, run: Run) -> None:
        """Turn to a run: a new one, one that was forked off, or an earlier one of these."""
        with self._setting_traits():
            self.run = run
            self._painted = 0  # events that the page has shown
            self._ready: list[str] = []
            self._ready_at: Any = None  # the moment for which they were found
            self._detailed: Any = None  # what the open tab shows: task, tab, cursor
            if self._heard not in run.record.listeners:
                run.record.listeners.append(self._heard)
            self.dag.turn_to(run)
            self.form.offer_runs(len(self.runs), self.runs.index(run))
        self.refresh()

    # How what happens reaches the page

    @contextlib.contextmanager
    def _setting_traits(self) -> Iterator[None]:
        with self._painting:
            before, self._setter = self._setter, threading.get_ident()
            try:
                yield
            finally:
                self._setter = before

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
        """Bring the page up to date with the run; only what differs is sent."""
        with self._setting_traits():
            run, events, states = self.run, self.run.record.events, self.run.states
            fresh, self._painted = events[self._painted :], len(events)
            self._busy = self._worker.busy or run.busy
            if not self._busy and self._ready_at != (len(events), run.cursor):
                self._ready_at, self._ready = (len(events), run.cursor), _ready(run, states)
            self.dag.paint(states, fresh, self._ready, self._busy)
            self.form.offer_instances(*self.dag.instances(states))
            self._tell(events, states)
            self._detail({event.task for event in fresh})
            self._enable()

    def _tell(self, events: tuple[Event, ...], states: dict[str, str]) -> None:
        cursor = self.run.cursor
        count = len(events) if cursor is None else cursor + 1
        self.form.title.value = captions.title(self.run, states, self.dag.now)
        self.form.moment.value = captions.moment(events, count, cursor is not None)
        self.form.offer_moments(len(events), count, self._busy)
        self.form.shown_run.disabled = self._busy

    def _enable(self) -> None:
        reasons = blocked(self.run, self.task, self._ready, self._busy, bool(self._earlier))
        self.form.enable(reasons, self.task in self.run.injections)
        self.form.fork.disabled = self._busy or self.form.output.disabled
        self.dag.blocked = {name: reason for name, reason in reasons.items() if reason}

    def _detail(self, touched: set[str | None]) -> None:
        """The selected task: its headline always, its open tab when that may have changed."""
        run, task, tab = self.run, self.task, self.form.tabs.selected_index
        if task is None:
            self.form.headline.value = "<p class='wb-note'>No task is selected.</p>"
            return
        self.form.headline.value = details.headline(run, task)
        upstream = run.graph.upstream(task) if task in run.graph.position else ()
        growing = tab == TABS.index("log") and run.states.get(task) == "running"
        as_before = self._detailed == (task, tab, run.cursor)
        if as_before and not growing and touched.isdisjoint({task, *upstream}):
            return
        self._detailed = task, tab, run.cursor
        if tab == FORK_TAB:
            self.form.offer_output(details.editable(run, task))
        else:
            self.form.pages[TABS[tab]].value = details.page(TABS[tab], run, task)


def _ready(run: Run, states: dict[str, str]) -> list[str]:
    """Tasks that could start.

    An engine that finds its tasks by running is taken at its word that something is left; before
    it has found any, one without a name stands for them.
    """
    if not run.graph.dynamic:
        return run.ready()
    if not states:
        return ["…"]
    return [task for task, state in states.items() if state in ("pending", "retrying")]
