"""Graph + states → a picture, as SVG and as text."""

import re
import shutil
import sysconfig
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench import internals
from workbench.folding import folded, instances, state_of_node
from workbench.graph import STAND_IN, Graph, PipelineError
from workbench.wording import counted, few

# State → (icon, fill, border): the Okabe-Ito palette under black text; icon and border say the
# same without colour.
LOOK = {
    "pending": ("○", "#FFFFFF", "solid"),
    "queued": ("◔", "#E5E5E5", "solid"),
    "running": ("▶", "#56B4E9", "bold"),
    "success": ("✓", "#4DBD97", "solid"),
    "failed": ("✗", "#E8833A", "bold"),
    "retrying": ("↻", "#F0E442", "dashed"),
    "skipped": ("⤼", "#CCCCCC", "dotted"),
    "upstream_failed": ("⊘", "#F5CBA7", "dashed"),
    "cached": ("≡", "#B5E3D2", "solid"),
}
PAGE, LEGIBLE = 900, 0.7  # points that a notebook has room for; the least scale of words to read
SIZE = re.compile(r' width="(\d+)pt" height="(\d+)pt"')
# Where there are so many edges, straight ones drawn after fewer attempts to uncross them: the
# layout takes seconds, not a minute.
DENSE = 500
QUICKER = {"splines": "line", "mclimit": "0.05", "nslimit": "1"}
LISTED = 40  # tasks that a text form lists one by one
READ = 12  # names that are read aloud before the others are counted
LABEL = re.compile(r' aria-label="([^"]*)"')
PLAIN = " /:=;,.'()[]"  # what may stand in an address within quotation marks as it is

# Graphviz' attributes of the drawing, its nodes and its edges
FONT = {"fontname": "Helvetica", "fontsize": "12"}
DRAWN = {"bgcolor": "white", "pad": "0.15", **FONT}
NODE = {"shape": "box", "fillcolor": "white", "margin": "0.12,0.06", "height": "0.4", **FONT}
EDGE = {"color": "#555555", "arrowsize": "0.7", "fontname": "Helvetica", "fontsize": "10"}
EDGE["fontcolor"] = "#333333"


@dataclass(frozen=True)
class Picture:
    """An SVG with the same content in words. ``svg`` is None where nothing on this machine can lay
    out a graph."""

    svg: str | None
    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        bundle = {"text/plain": self.text}
        return {"text/html": image(self.svg), **bundle} if self.svg else bundle

    def save(self, path: str | Path) -> Path:
        """Write the SVG to ``path``; raise PipelineError where there is none."""
        if self.svg is None:
            raise PipelineError(
                f"{path}: there is no picture to write, only text; `workbench doctor` says why"
            )
        Path(path).write_text(self.svg, encoding="utf-8")
        return Path(path)


def draw(thing: Any, word: str = "task") -> Picture:
    """The DAG of anything that an engine runs, of a file that is one, of a Run or a Record; or any
    Graph, where ``word`` says what its nodes are if they are no tasks.

    Raise PipelineError for anything else.
    """
    from workbench.engines.registry import graph_of

    states = getattr(thing, "states", {})
    graph = thing if isinstance(thing, Graph) else graph_of(thing)
    return picture(graph, states() if callable(states) else states, word)


def picture(
    graph: Graph, states: Mapping[str, str] | None = None, word="task", svg: str | None = None
) -> Picture:
    """Draw ``graph``, each task in its state; without states, as it stands before a run.

    ``svg`` is its layout, where there is one already."""
    states = states or {}
    words = describe(graph, states, word)
    svg = svg or layout(folded(graph, states)[0], states)
    return Picture(svg and named(svg, read_aloud(words, graph, states)), words)


def describe(graph: Graph, states: Mapping[str, str], word: str = "task") -> str:
    """The graph in words, line by line; ``word`` says what its nodes are."""
    if graph.dynamic and not graph.tasks:
        return "A dynamic flow: its tasks appear when it runs."
    shown = instances(graph, states) or graph.tasks
    waves = [few(wave, 6) for wave in folded(graph, states)[0].waves()]
    ordered = f"in {counted(len(waves), 'wave')}: {' → '.join(waves)}"
    begun = bool(graph.edges) or set(states.values()) - {"pending"}
    if graph.dynamic and len(shown) > 1 and not begun:
        ordered = f"in an order that shows when it runs: {few(shown, 6)}"
    lines = [f"{counted(len(shown), word)} {ordered}"]
    for task in shown[:LISTED]:
        upstream = graph.any_upstream(task)
        line = f"  {icon(states[task])} {task}: {states[task]}" if task in states else f"  {task}"
        if upstream:
            line += f" (after {few(upstream, 6)})"
        if STAND_IN in graph.noted(task):
            line += f" ({STAND_IN})"
        if states or upstream:
            lines.append(line)
    return "\n".join(lines + and_more(shown))


def read_aloud(words: str, graph: Graph, states: Mapping[str, str]) -> str:
    """What to say in place of the picture: its first line in ``words``, and which tasks are in
    which state."""
    by_state: dict[str, tuple[str, ...]] = {}
    for task in instances(graph, states):
        state = states[task].replace("_", " ")
        by_state[state] = (*by_state.get(state, ()), task)
    several = len(by_state) > 1
    groups = [
        f"{state}: {few(by_state[state], READ)}" if several else f"all {state}"
        for state in by_state
    ]
    return ". ".join([words.splitlines()[0], *groups])


def and_more(tasks: Iterable[Any]) -> list[str]:
    """The line that ends a list of tasks which was cut, if it was."""
    left = len(tuple(tasks)) - LISTED
    return [f"  and {left:,} more tasks"] if left > 0 else []


def icon(state: str) -> str:
    """The sign by which a state is known where there is no colour."""
    return LOOK[state][0]


def named(svg: str, words: str) -> str:
    """The SVG with a role and a name, so that a screen reader says what it shows."""
    label = escape(words)
    fitting = SIZE.sub(_fitted, svg, count=1)
    return fitting.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def image(svg: str) -> str:
    """An SVG as an image of HTML with its name: JupyterLab shows an SVG itself without it, and none
    in a notebook that it does not trust. As a file of its own it meets no other's ids and styles.

    It is narrowed to where it stands, unless its words would be too small to read then.
    """
    name, size = LABEL.search(svg), SIZE.search(svg)
    words = escape(unescape(name[1]) if name else "a picture")
    most = "none" if size and int(size[1]) > PAGE else "100%"
    address = f"data:image/svg+xml,{quote(svg, safe=PLAIN)}"
    style = f'class="workbench-picture" style="max-width:{most}"'
    return f'<img {style} alt="{words}" src="{address}">'


def _fitted(size: re.Match) -> str:
    """The width and height of an SVG, narrowed to a page where its words stay legible so."""
    wide, high = int(size[1]), int(size[2])
    scale = PAGE / wide if LEGIBLE * wide <= PAGE < wide else 1
    return f' width="{wide * scale:.0f}pt" height="{high * scale:.0f}pt"'


# The layout is graphviz' work


def layout(graph: Graph, states: Mapping[str, str] | None = None, *, tall=False) -> str | None:
    """The graph as SVG: node ``n`` of ``graph.tasks`` has the id ``task-n`` and a class with its
    state; ``tall`` from top to bottom. None where no program on this machine can lay it out."""
    import graphviz

    program = _program()
    if program is None or not graph.tasks:
        return None
    internals.lay_out_with(program)
    try:
        svg = dot(graph, states or {}, tall).pipe(format="svg", encoding="utf-8", quiet=True)
    except (graphviz.ExecutableNotFound, graphviz.CalledProcessError):
        return None
    return svg[svg.index("<svg") :].strip()


def _program() -> Path | None:
    """The layout program: the one that came with the environment, or one that is installed."""
    bundled = Path(sysconfig.get_path("scripts"), "graphviz-pure")
    if bundled.exists():
        return bundled
    installed = shutil.which("graphviz-pure") or shutil.which("dot")
    return Path(installed) if installed else None


def dot(graph: Graph, states: Mapping[str, str], tall: bool = False):
    """The graph in the DOT language, as a ``graphviz.Digraph``; groups are clusters."""
    import graphviz

    wide = len(graph.tasks) <= 200 and not tall
    dense = len(graph.edges) > max(DENSE, 3 * len(graph.tasks))
    source = graphviz.Digraph(
        graph_attr={"rankdir": "LR" if wide else "TB", **DRAWN, **(QUICKER if dense else {})},
        node_attr=NODE,
        edge_attr=EDGE,
    )
    clusters: dict[str, Any] = {"": source}
    nodes = list(enumerate(graph.tasks))
    # Graphviz piles up what nothing connects from the bottom.
    for number, task in nodes if graph.edges else reversed(nodes):
        _cluster(clusters, task.rpartition("/")[0]).node(
            f"n{number}", **_node(graph, task, number, states)
        )
    # The innermost first: a cluster is copied into the one around it as it is at that moment.
    for group, cluster in reversed(list(clusters.items())[1:]):
        _cluster(clusters, group.rpartition("/")[0]).subgraph(cluster)
    for up, down in graph.edges:
        label = graph.labels.get((up, down))
        ends = f"n{graph.position[up]}", f"n{graph.position[down]}"
        source.edge(*ends, graphviz.escape(label) if label else None)
    return source


def _node(graph: Graph, task: str, number: int, states: Mapping[str, str]) -> dict[str, str]:
    """The attributes of a task's node."""
    import graphviz

    notes = graph.noted(task)
    state = state_of_node(task, states)
    sign, fill, border = LOOK[state or "pending"]
    name = task.rpartition("/")[2]
    if "instances" in notes:
        name += f" ×{notes['instances']}"
    if STAND_IN in notes:
        name += f" ({STAND_IN})"
    hints = [f"{task}: {state}" if state else task]
    hints += [f"{key} {note}" for key, note in notes.items()]
    return {
        "label": graphviz.escape(f"{sign} {name}" if states else name),
        "id": f"task-{number}",
        "class": f"state-{state or 'pending'}",
        "style": f"rounded,filled,{border}",
        "fillcolor": fill,
        "tooltip": graphviz.escape("; ".join(hints)),
    }


def _cluster(clusters: dict[str, Any], group: str):
    """The cluster of a group, made together with those around it when it is first needed."""
    import graphviz

    if group not in clusters:
        outer, _, name = group.rpartition("/")
        _cluster(clusters, outer)
        attributes = {
            "label": graphviz.escape(name),
            "style": "rounded,dashed",
            "color": "#777777",
        }
        clusters[group] = graphviz.Digraph(f"cluster_{len(clusters)}", graph_attr=attributes)
    return clusters[group]
