"""The widgets around the graph and how they stand together; what they do, the panel knows."""

from collections.abc import Mapping, Sequence

import ipywidgets as widgets

from workbench.panel.controls import TIPS

TABS = ("inputs", "output", "log", "attempts", "source")  # each a function of details
FORK, FORK_TAB = "Fork and run", len(TABS)  # the button that is no control, in the last tab
EDIT = "Change this output, and run what is downstream of it again in a new run."
NO_EDIT = "Only an output that is a small number, text, list or object can be changed here."


class Form:
    """Buttons, choices, a slider over the events, a tab for each aspect of the selected task."""

    def __init__(self, injections: tuple[str, ...]) -> None:
        self.title, self.moment, self.headline = (widgets.HTML() for _ in range(3))
        self.buttons = {name: widgets.Button(description=name) for name in TIPS}
        self.injection = widgets.Dropdown(options=injections, description="Way to fail")
        self.shown_run = widgets.Dropdown(description="Shown")
        self.slider = widgets.IntSlider(description="Event", readout=False)
        self.instance = widgets.Dropdown(description="Instance")
        self.pages = {name: widgets.HTML() for name in TABS}
        self.output = widgets.Textarea(description="New output", rows=3, continuous_update=False)
        self.fork = widgets.Button(description=FORK)
        self.fork_note, self.comparison = widgets.HTML(), widgets.HTML()
        fork = widgets.VBox([self.fork_note, self.output, self.fork, self.comparison])
        self.tabs = widgets.Tab(
            [*self.pages.values(), fork],
            titles=[*map(str.title, TABS), "Fork"],
            selected_index=TABS.index("output"),
        )

    def around(self, dag: widgets.Widget) -> list[widgets.Widget]:
        """Everything from top to bottom, the graph in its place."""
        return [
            self.title,
            self.shown_run,
            self._toolbar(),
            dag,
            widgets.HBox([self.slider, self.moment], _dom_classes=("wb-moment",)),
            widgets.HBox([self.headline, self.instance], _dom_classes=("wb-chosen",)),
            self.tabs,
        ]

    def _toolbar(self) -> widgets.Widget:
        buttons = self.buttons
        groups = [
            [buttons[name] for name in ("Step", "Run to here", "Run all", "Stop")],
            [buttons["Back"], buttons["Retry"]],
            [self.injection, buttons["Inject failure"]],
            [buttons["Reset"], buttons["Resume"]],
        ]
        boxes = [widgets.HBox(group, _dom_classes=("wb-group",)) for group in groups]
        return widgets.HBox(boxes, _dom_classes=("wb-toolbar",))

    def enable(self, reasons: Mapping[str, str], lifting: bool) -> None:
        """Grey what has a reason not to be pressed, and say the reason; ``lifting``: a failure is
        injected already, and the button takes it back."""
        for name, button in self.buttons.items():
            button.disabled, button.tooltip = bool(reasons[name]), reasons[name] or TIPS[name]
        self.buttons["Inject failure"].description = "Lift failure" if lifting else "Inject failure"

    def offer_runs(self, count: int, chosen: int) -> None:
        """Let one of the runs be chosen, where there is more than one."""
        names = ["run 1", *(f"run {number}, forked" for number in range(2, count + 1))]
        self.shown_run.options = [(name, number) for number, name in enumerate(names)]
        self.shown_run.value = chosen
        _show(self.shown_run, count > 1)

    def offer_instances(self, names: Sequence[str], first: str | None) -> None:
        """Let one of a node's instances be chosen: ``first``, until the learner takes another."""
        self.instance.options = names
        if names and self.instance.index is None:
            self.instance.value = first
        _show(self.instance, bool(names))

    def offer_moments(self, length: int, position: int, disabled: bool) -> None:
        """Let the slider stand at any of ``length`` events, and put it at ``position``."""
        self.slider.max, self.slider.value = max(length, 1), position
        self.slider.disabled = disabled or not length

    def offer_output(self, text: str | None) -> None:
        """Let the output be edited; None: it cannot be."""
        self.output.value, self.output.disabled = text or "", text is None
        self.fork_note.value = NO_EDIT if text is None else EDIT


def _show(widget: widgets.Widget, visible: bool) -> None:
    widget.layout.display = None if visible else "none"
