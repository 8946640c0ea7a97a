"""The widget: what the page shows, trait by trait. The reader's doing comes back as messages."""

from typing import Any

import anywidget
import traitlets

from workbench import language
from workbench.internals import heard_where_sent
from workbench.panel import assets
from workbench.picture import LOOK

FIRST_MOMENT = -1.0  # seconds: before every attempt


class View(anywidget.AnyWidget):
    """One widget for all of it; buttons, slider and tabs are made by its own script.

    All texts of ours are English; the page puts them into the reader's ``language``.
    ``states`` go by ``names``, the nodes as drawn; ``until`` is where the timeline ends while
    looking back. ``toolbar``, ``tips`` and ``tabs`` are there when a page is made; all others may
    change.
    """

    _esm = assets.script(*assets.WIDGET)
    _css = assets.style()
    look = traitlets.Dict({state: list(look) for state, look in LOOK.items()}).tag(sync=True)
    languages = traitlets.Dict(language.LANGUAGES).tag(sync=True)
    words = traitlets.Dict().tag(sync=True)  # language → English → what stands in its place
    language = traitlets.Unicode().tag(sync=True)
    toolbar = traitlets.List().tag(sync=True)
    tips = traitlets.Dict().tag(sync=True)
    tabs = traitlets.List().tag(sync=True)
    svg = traitlets.Unicode().tag(sync=True)
    names = traitlets.List().tag(sync=True)
    states = traitlets.List().tag(sync=True)
    marks = traitlets.Dict().tag(sync=True)
    ready = traitlets.List().tag(sync=True)
    bars = traitlets.List().tag(sync=True)
    now = traitlets.Float().tag(sync=True)
    until = traitlets.Float(None, allow_none=True).tag(sync=True)
    title = traitlets.Dict({"name": "", "done": 0, "total": 0, "note": ""}).tag(sync=True)
    moment = traitlets.Dict({"seq": -1, "last": -1, "text": "", "back": ""}).tag(sync=True)
    headline = traitlets.Dict().tag(sync=True)
    content = traitlets.Dict().tag(sync=True)
    choices = traitlets.Dict().tag(sync=True)  # name → its options and the value taken
    captions = traitlets.Dict().tag(sync=True)  # button → what stands on it instead of its name
    blocked = traitlets.Dict().tag(sync=True)  # button → why it can do nothing
    questions = traitlets.List().tag(sync=True)  # what tasks ask a person
    watches = traitlets.List().tag(sync=True)  # expression, and its values along the run
    measures = traitlets.Dict().tag(sync=True)  # what the graph shows of time and sizes, if it does
    held = traitlets.Bool(False).tag(sync=True)  # tasks run: no other moment can be looked at
    message = traitlets.Unicode().tag(sync=True)
    selected = traitlets.Unicode().tag(sync=True)
    tab = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        spoken = {"language": language.spoken(), "words": language.tables()}
        super().__init__(**spoken, **traits)
        heard_where_sent(self.comm)
        self.on_msg(self._hear)

    def told(self, **doing: Any) -> None:
        """Do what the reader did on the page."""
        raise NotImplementedError

    def _hear(self, _: Any, message: dict[str, Any], __: Any) -> None:
        self.told(**message)
