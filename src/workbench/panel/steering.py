"""The panel itself: buttons, events and the details of one task around the graph of a run."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

import ipywidgets as widgets

from workbench import workspace
from workbench.comparison import compare
from workbench.engines.sabotage import INJECTIONS
from workbench.events import FINISHED, Event
from workbench.execution import Run
from workbench.graph import PipelineError
from workbench.panel import details
from workbench.panel.controls import TIPS, blocked, moment_before
from workbench.panel.view import Dag
from workbench.picture import describe, named, picture

PAUSE, TICK = (
    0.05,
    0.2,
)  # seconds between two batches: while things happen, and while only the clock goes on
TABS = ("inputs", "output", "log", "attempts", "source")  # each a function of details


def step(thing: Any, **parameters: Any) -> "Panel":
    """See and steer a run of ``thing``: a Run that there is already, or anything that can be run."""
    workspace.start()
    if isinstance(thing, Run) and parameters:
        raise PipelineError(
            f"this run has its parameters already; make a new one for {', '.join(parameters)}"
        )
    return Panel(thing if isinstance(thing, Run) else Run(thing, **parameters))


class Panel(widgets.VBox):
    """A run with its buttons. Tasks run in threads; what happens reaches the page in batches."""

    def __init__(self, run: Run) -> None:
        self._gate, self._painting = threading.Lock(), threading.RLock()
        self._painter: threading.Thread | None = None
        self._working, self._stale, self._busy, self._setting = False, False, False, None
        self.runs: list[Run] = []
        self.dag, self._title, self._event, self._headline = (
            Dag(),
            widgets.HTML(),
            widgets.HTML(),
            widgets.HTML(),
        )
        self._buttons = {name: widgets.Button(description=name) for name in TIPS}
        self._how = widgets.Dropdown(options=INJECTIONS, description="Way to fail")
        self._which = widgets.Dropdown(description="Shown")
        self._slider = widgets.IntSlider(description="Event", readout=False)
        self._instance = widgets.Dropdown(description="Instance")
        self._pages = {name: widgets.HTML() for name in TABS}
        self._value = widgets.Textarea(description="New output", rows=3, continuous_update=False)
        self._fork_button = widgets.Button(description="Fork and run")
        self._fork_note, self._compared = widgets.HTML(), widgets.HTML()
        super().__init__(self._arranged(), _dom_classes=("wb-panel",))
        self._listen()
        self._begin(run)

    def _arranged(self) -> list[widgets.Widget]:
        named = list(self._buttons.values())
        groups = [named[:4], named[4:6], [self._how, named[6]], named[7:]]
        toolbar = [widgets.HBox(group, _dom_classes=("wb-group",)) for group in groups]
        fork = widgets.VBox([self._fork_note, self._value, self._fork_button, self._compared])
        return [
            self._title,
            self._which,
            widgets.HBox(toolbar, _dom_classes=("wb-toolbar",)),
            self.dag,
            widgets.HBox([self._slider, self._event], _dom_classes=("wb-moment",)),
            widgets.HBox([self._headline, self._instance], _dom_classes=("wb-chosen",)),
            widgets.Tab(
                [*self._pages.values(), fork],
                titles=[*map(str.title, TABS), "Fork"],
                selected_index=1,
            ),
        ]

    def _listen(self) -> None:
        actions = {
            "Step": self._step,
            "Run to here": lambda run: run.run_to(self.task),
            "Run all": Run.run_all,
            "Stop": Run.stop,
            "Back": lambda run: run.back(moment_before(run)),
            "Retry": lambda run: run.retry(self.task),
            "Inject failure": self._inject,
            "Reset": lambda run: self._begin(run.again()),
            "Resume": lambda run: self._begin(Run.resume(self._earlier, run.thing)),
        }
        for name, action in actions.items():
            alone = name not in ("Stop", "Inject failure")
            self._buttons[name].on_click(
                lambda _, action=action, alone=alone: self._act(action, alone)
            )
        self._fork_button.on_click(lambda _: self._act(self._fork))
        self._on(self.dag, "selected", lambda _: self.refresh())
        self._on(self._instance, "value", lambda _: self.refresh())
        self._on(self.children[-1], "selected_index", lambda _: self.refresh())
        self._on(self._slider, "value", self._move)
        self.dag.on_msg(lambda *_: self._move(len(self.run.record)))  # the slider's End key
        self._on(self._which, "value", lambda number: self._show(self.runs[number]))

    def _on(self, widget: widgets.Widget, trait: str, react: Callable[[Any], None]) -> None:
        """Call ``react`` when the learner changes a trait, and not when this panel does."""
        widget.observe(
            lambda change: self._setting == threading.get_ident() or react(change.new), trait
        )

    # What there is to see

    @property
    def task(self) -> str | None:
        """The selected task; of a node that stands for several, the chosen instance."""
        return (
            self._instance.value if self.dag.selected in self.dag.folds else self.dag.selected
        ) or None

    def wait(self, seconds: float = 60.0) -> None:
        """Wait until what was begun here has ended and can be seen; raise TimeoutError when that takes too long."""
        limit = time.monotonic() + seconds
        while (painter := self._painter) or self._working:
            if time.monotonic() > limit:
                raise TimeoutError(
                    f"tasks of {self.run.record.name!r} are still running after {seconds:g} s"
                )
            painter.join(TICK) if painter else time.sleep(0.01)

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        """The widget, and for where there is no browser the same as a picture and one sentence."""
        graph, states = self.run.graph, self.run.states
        fresh = (
            self.dag.svg if set(states.values()) == {"pending"} else ""
        )  # a large graph is not laid out twice
        still = named(fresh, describe(graph, states)) if fresh else picture(graph, states).svg
        done = sum(state in FINISHED for state in states.values())
        count = f"{done} of {len(states)} tasks finished"
        text = f"Panel of {self.run.record.name}: {count}; open in JupyterLab to steer it."
        bundle = {**super()._repr_mimebundle_(**options), "text/plain": text}
        return bundle | ({"image/svg+xml": still} if still else {})

    # What there is to do

    def _act(self, work: Callable[[Run], Any], alone: bool = True) -> None:
        """Do ``work`` in a thread, so that the kernel stays free; what goes wrong is said in the message line."""
        with self._gate:
            if alone and self._working:
                return
            if alone:
                self._working = True
        with self._painting:
            self.dag.message = ""

        def body() -> None:
            try:
                work(self.run)
            except (
                Exception
            ) as error:  # a learner's, an engine's or this panel's: never lost in a thread
                self._say(error)
            finally:
                if alone:
                    self._working = False
                self._heard()

        threading.Thread(target=body, name="panel", daemon=True).start()
        self._heard()

    def _say(self, error: Exception) -> None:
        with self._painting:
            self.dag.message = (
                str(error)
                if isinstance(error, PipelineError)
                else f"{type(error).__name__}: {error}"
            )

    def _step(self, run: Run) -> None:
        stepped = run.step(self.task if self.task in run.ready() else None)
        with self._setting_traits():
            self.dag.selected = self.dag.node.get(stepped, self.dag.selected)

    def _inject(self, run: Run) -> None:
        run.inject(self.task, None if self.task in run.injections else self._how.value)

    def _fork(self, before: Run) -> None:
        try:
            value = json.loads(self._value.value)
        except json.JSONDecodeError as error:
            raise PipelineError(
                f'the new output is not JSON ({error}); write a number, a "text", a [list] or an {{object}}'
            ) from None
        task = self.task
        after = before.fork({task: value})
        self.runs.append(after)
        self._show(after)
        after.run_all()
        verdict = compare(before, after)
        differ = ", ".join(verdict.different) or "nothing"
        sentence = (
            f"<p>With another output of {escape(task)}, these tasks differ: {escape(differ)}.</p>"
        )
        self._compared.value = sentence + verdict._repr_mimebundle_()["text/html"]

    def _move(self, place: int) -> None:
        if not self.run.busy and len(self.run.record):
            self.run.back(place - 1)
        self.refresh()

    def _begin(self, run: Run) -> None:
        for earlier in self.runs:
            earlier.close()
        self._compared.value, self._earlier, self.runs = "", run.unfinished(), [run]
        self._show(run)

    def _show(self, run: Run) -> None:
        """Turn to a run: a new one, one that was forked off, or an earlier one of these."""
        with self._setting_traits():
            self.run, self._seen, self._ready, self._detailed = run, 0, (None, []), None
            if self._heard not in run.record.listeners:
                run.record.listeners.append(self._heard)
            self.dag.turn_to(run)
            self._which.options = [
                (f"run {n + 1}{', forked' * bool(n)}", n) for n in range(len(self.runs))
            ]
            self._which.value = self.runs.index(run)
            self._which.layout.display = None if len(self.runs) > 1 else "none"
        self.refresh()

    # How what happens reaches the page

    @contextlib.contextmanager
    def _setting_traits(self) -> Iterator[None]:
        with self._painting:
            before, self._setting = self._setting, threading.get_ident()
            try:
                yield
            finally:
                self._setting = before

    def _heard(self, _: Event | None = None) -> None:
        with self._gate:
            self._stale = True
            if self._painter is None:
                self._painter = threading.Thread(
                    target=self._keep_up, name="panel painter", daemon=True
                )
                self._painter.start()

    def _keep_up(self) -> None:
        """Refresh in batches until nothing happens any more."""
        while True:
            self._stale, seen, begun = False, self._seen, time.monotonic()
            try:
                self.refresh()
            except Exception as error:
                self._say(error)
            with self._gate:
                if not self._stale and not self._busy:
                    self._painter = None
                    return
            time.sleep(max(PAUSE if self._seen > seen else TICK, time.monotonic() - begun))

    def refresh(self) -> None:
        """Bring the page up to date with the run; only what differs is sent."""
        with self._setting_traits():
            run, events, states = self.run, self.run.record.events, self.run.states
            fresh, self._seen = events[self._seen :], len(events)
            self._busy = self._working or run.busy
            if not self._busy and self._ready[0] != (place := (len(events), run.cursor)):
                self._ready = place, _ready(run, states)
            self.dag.paint(states, fresh, self._ready[1], self._busy)
            self._instance.options = self.dag.folds.get(self.dag.selected, ())
            if self._instance.options and self._instance.index is None:
                shown = dict(zip(self.dag.names, self.dag.states, strict=True))[self.dag.selected]
                self._instance.value = next(
                    name for name in self._instance.options if states.get(name) == shown
                )
            self._instance.layout.display = None if self._instance.options else "none"
            self._tell(events, states)
            self._enable()
            self._detail({event.task for event in fresh})

    def _tell(self, events: tuple[Event, ...], states: dict[str, str]) -> None:
        run, cursor = self.run, self.run.cursor
        done = sum(state in FINISHED for state in states.values())
        running = [
            (task, run.record.attempts(task)[-1])
            for task, state in states.items()
            if state == "running"
        ]
        since = ", ".join(
            f"{escape(task)} for {self.dag.now - last.start:.0f} s" for task, last in running[:3]
        )
        more = f" and {len(running) - 3} more" if len(running) > 3 else ""
        now = f" · ▶ {since}{more}" if running and cursor is None else ""
        bar = (
            f"<progress max='{len(states)}' value='{done}' aria-label='tasks finished'></progress>"
        )
        name = f"<strong>{escape(run.record.name)}</strong>"
        self._title.value = (
            f"<div class='wb-title'>{name} {bar} {done} of {len(states)} finished{now}</div>"
        )
        place = len(events) if cursor is None else cursor + 1
        self._slider.max, self._slider.value = max(len(events), 1), place
        self._slider.disabled, self._which.disabled = self._busy or not events, self._busy
        event = events[place - 1] if place else None
        what = (
            f"{event.task or 'the run'}: {event.kind}, {event.at:.2f} s"
            if event
            else "before the first event"
        )
        self._event.value = f"{place} of {len(events)} · {escape(what)}" + (
            ""
            if cursor is None
            else " · <strong>looking back</strong>: what you do next goes on from here"
        )

    def _enable(self) -> None:
        reasons = blocked(self.run, self.task, self._ready[1], self._busy, bool(self._earlier))
        for name, button in self._buttons.items():
            button.disabled, button.tooltip = bool(reasons[name]), reasons[name] or TIPS[name]
        lift = self.task in self.run.injections
        self._buttons["Inject failure"].description = f"{'Lift' if lift else 'Inject'} failure"
        self.dag.blocked = {name: reason for name, reason in reasons.items() if reason}
        self._fork_button.disabled = self._busy or self._value.disabled

    def _detail(self, touched: set[str | None]) -> None:
        """The open tab of the selected task, when something about it may have changed."""
        run, task, page = self.run, self.task, self.children[-1].selected_index
        self._headline.value = (
            details.headline(run, task) if task else "<p class='wb-note'>No task is selected.</p>"
        )
        near = {task, *(run.graph.upstream(task) if task in run.graph.position else ())}
        alive = page == TABS.index("log") and run.states.get(task) == "running"
        if not task or (
            self._detailed == (task, page, run.cursor) and not touched & near and not alive
        ):
            return
        self._detailed = task, page, run.cursor
        if page < len(TABS):
            name = TABS[page]
            try:
                self._pages[name].value = getattr(details, name)(run, task)
            except Exception as error:  # a value of the learner's that can't be read or shown
                self._pages[
                    name
                ].value = f"<p class='wb-error'>{type(error).__name__}: {escape(str(error))}</p>"
            return
        text = details.editable(run, task)
        self._value.value, self._value.disabled = text or "", text is None
        self._fork_button.disabled = self._busy or text is None
        self._fork_note.value = (
            "Change this output, and run what is downstream of it again in a new run."
            if text
            else "Only an output that is a small number, text, list or object can be changed here."
        )


def _ready(run: Run, states: dict[str, str]) -> list[str]:
    """Tasks that could start; an engine that finds them by running is taken at its word that something is left."""
    if not run.graph.dynamic:
        return run.ready()
    return [task for task, state in states.items() if state in ("pending", "retrying")] or ["…"] * (
        not states
    )
