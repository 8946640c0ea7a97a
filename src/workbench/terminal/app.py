"""The screen: the graph as a list of tasks, what is known of the selected one, and keys."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, Input, OptionList, Static, TabbedContent, TabPane
from textual.widgets.option_list import Option

from workbench.engines.registry import injections
from workbench.execution import Run
from workbench.graph import PipelineError
from workbench.panel import controls, forms
from workbench.panel.worker import Worker
from workbench.terminal import words

TABS = ("output", "inputs", "received", "log", "why", "figures", "source")
HINTS = {
    "stand in": "what stands in for {task}; empty: it runs itself",
    "halt": "halt at {task}: before, after, failure, or a condition over value; empty: nowhere",
    "inject": "make {task} fail: {ways}; empty: no more",
    "answer": "{question}",
}


class Terminal(App[None]):
    """One run. Tasks run in threads; the screen is brought up to date ten times a second."""

    TITLE = "Pipeline Workbench"
    CSS = """
    #title { padding: 0 1; text-style: bold; }
    #tasks { height: 1fr; min-height: 5; border: round $surface-lighten-2; }
    #tasks:focus { border: round $accent; }
    TabbedContent { height: 1fr; }
    #message { padding: 0 1; color: $warning; height: auto; }
    Input { display: none; }
    Input.is-open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "press('Step')", "Step"),
        Binding("h", "press('Run to here')", "Run to here"),
        Binding("a", "press('Run all')", "Run all"),
        Binding("x", "press('Stop')", "Stop"),
        Binding("b", "press('Back')", "Back"),
        Binding("r", "press('Retry')", "Retry"),
        Binding("i", "ask('inject')", "Inject"),
        Binding("d", "ask('stand in')", "Stand in"),
        Binding("p", "ask('halt')", "Halt"),
        Binding("n", "ask('answer')", "Answer"),
        Binding("escape", "leave", "Leave", show=False),
        Binding("q", "quit", "Quit"),
    ]

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.execution, self._asked, self._shown = run, "", None
        self.said = ""  # the last message
        self._worker = Worker(failed=self._say, changed=lambda: None)
        self._acts: dict[str, Callable[[Run], object]] = {
            "Step": lambda run: run.step(self.task if self.task in run.ready() else None),
            "Run to here": lambda run: run.run_to(self.task),
            "Run all": Run.run_all,
            "Stop": Run.stop,
            "Back": lambda run: run.back(controls.moment_before(run)),
            "Retry": lambda run: run.retry(self.task),
        }

    def compose(self) -> ComposeResult:
        yield Static(id="title", markup=False)
        yield OptionList(id="tasks", markup=False)
        yield Static(id="message", markup=False)
        yield Input()
        with TabbedContent():
            for name in TABS:
                with TabPane(name, id=name):
                    yield Static(id=f"{name}-text", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()
        self.refresh_run()
        self.set_interval(0.1, self.refresh_run)

    @property
    def busy(self) -> bool:
        """Whether something that was begun goes on."""
        return self._worker.active or self.execution.busy

    @property
    def task(self) -> str:
        """The selected task."""
        tasks, number = list(self.execution.states), self.query_one(OptionList).highlighted
        return tasks[number or 0] if tasks else ""

    def refresh_run(self) -> None:
        """Bring the screen up to date, where something differs."""
        if not self.query(OptionList):
            return  # the screen is being closed
        run = self.execution
        lines, listed = words.graph(run), self.query_one(OptionList)
        if listed.option_count != len(lines):
            listed.set_options([Option(line) for line in lines.values()])
            listed.highlighted = 0 if lines else None
        for number, line in enumerate(lines.values()):
            if listed.get_option_at_index(number).prompt != line:
                listed.replace_option_prompt_at_index(number, line)
        self.query_one("#title", Static).update(words.title(run))
        self.query_one("#message", Static).update(self.said)
        seen = (len(run.record), run.cursor, self.task, self.query_one(TabbedContent).active)
        if self.task and seen != self._shown:
            self._shown = seen
            self._detail(seen[-1])

    def _detail(self, tab: str) -> None:
        try:
            text = words.details(self.execution, self.task)[tab or TABS[0]]
        except Exception as error:  # of a value of the learner's
            text = f"{type(error).__name__}: {error}"
        self.query_one(f"#{tab or TABS[0]}-text", Static).update(text)

    # What is done

    def action_press(self, name: str) -> None:
        """Do what a key is for, or say why that means nothing now."""
        run = self.execution
        ready = [] if self.busy else controls.startable(run, run.states)
        if reason := controls.blocked(run, self.task, ready, self.busy, earlier=False)[name]:
            self.said = reason
            return
        begin = self._worker.beside if name in controls.WHILE_RUNNING else self._worker.alone
        self._begin(begin, self._acts[name])

    def _begin(self, begin: Callable, act: Callable[[Run], object]) -> None:
        self.said = ""
        begin(partial(act, self.execution))

    def _say(self, error: Exception) -> None:
        kind = "" if isinstance(error, PipelineError) else f"{type(error).__name__}: "
        self.said = f"{kind}{error}"

    def action_ask(self, form: str) -> None:
        """Open the line to write in."""
        run, task = self.execution, self.task
        if form == "answer" and task not in run.questions:
            asking = ", ".join(run.questions) or "none"
            self.said = f"{task} asks nothing (tasks that ask a person: {asking})"
            return
        hint = HINTS[form].format(
            task=task,
            ways=", ".join(injections(run.engine.name)),
            question=words.question(run, task) if form == "answer" else "",
        )
        line = self.query_one(Input)
        self._asked, self.said = form, hint
        line.value = ""
        line.add_class("is-open")
        line.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Do what was written."""
        form, text, task = self._asked, event.value.strip(), self.task
        self.action_leave()
        self._begin(self._worker.beside, lambda run: _fill(run, form, task, text))

    def action_leave(self) -> None:
        """Close the line."""
        self.query_one(Input).remove_class("is-open")
        self.said = ""
        self.query_one(OptionList).focus()

    def on_key(self, event) -> None:
        """The arrow keys turn the tabs."""
        if event.key in ("left", "right") and not self.query_one(Input).has_class("is-open"):
            tabs = self.query_one(TabbedContent)
            step = 1 if event.key == "right" else -1
            tabs.active = TABS[(TABS.index(tabs.active) + step) % len(TABS)]


def _fill(run: Run, form: str, task: str, text: str) -> None:
    if form == "inject":
        run.inject(task, text or None)
    elif form == "halt":
        run.breakpoint(task, text or None)
    elif form == "answer":
        run.answer(task, forms.read(text) if text else None)
    elif text:
        run.stand_in(task, forms.literal(text))
    else:
        run.stand_in(task)
