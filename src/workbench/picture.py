"""Graph + states → a picture as SVG and as text; Record → a timeline; several records → a comparison side by side."""

import math
import shutil
import sysconfig
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

from workbench.graph import Graph, PipelineError, template_of
from workbench.record import Difference, Record, differences

# State → (icon, fill, border): the Okabe-Ito palette under black text; icon and border say the same without colour.
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
LISTED = 40  # tasks that a text form lists one by one
FOLD = 10  # instances of one template that are drawn one by one
ROWS = 60  # timeline rows that have room for a name


@dataclass(frozen=True)
class Picture:
    """An SVG with the same content in words. ``svg`` is None where nothing on this machine can lay out a graph."""

    svg: str | None
    text: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        bundle = {"text/plain": self.text}
        return {"image/svg+xml": self.svg, **bundle} if self.svg else bundle

    def save(self, path: str | Path) -> Path:
        """Write the SVG to ``path``."""
        if self.svg is None:
            raise PipelineError(
                f"{path}: there is no picture to write, only text; `workbench doctor` says why"
            )
        Path(path).write_text(self.svg, encoding="utf-8")
        return Path(path)


def draw(thing: Any) -> Picture:
    """The DAG of a Pipeline, an Airflow DAG, a KFP pipeline or YAML file, a Prefect flow, a Run or a Record."""
    from workbench.engines.registry import graph_of

    states = getattr(thing, "states", {})
    graph = thing if isinstance(thing, Graph) else graph_of(thing)
    return picture(graph, states() if callable(states) else states)


def picture(graph: Graph, states: Mapping[str, str] | None = None) -> Picture:
    """Draw ``graph``, each task in its state; without states, as it stands before a run."""
    states = states or {}
    words = describe(graph, states)
    shown, _ = folded(graph, states)
    svg = layout(shown, states)
    return Picture(svg and named(svg, words), words)


def describe(graph: Graph, states: Mapping[str, str]) -> str:
    """The graph in words that can be read aloud."""
    if graph.dynamic and not graph.tasks:
        return "A dynamic flow: its tasks appear when it runs."
    waves = [_few(wave, 6) for wave in folded(graph, states)[0].waves()]
    shown = _instances(graph, states) or graph.tasks
    tasks = f"{len(shown)} task{'s' * (len(shown) != 1)}"
    lines = [f"{tasks} in {len(waves)} wave{'s' * (len(waves) != 1)}: {' → '.join(waves)}"]
    for task in shown[:LISTED]:
        upstream = graph.upstream(task) if task in graph.place else ()
        state = (
            f"  {LOOK[states[task]][0]} {task}: {states[task]}" if task in states else f"  {task}"
        )
        if states or upstream:
            lines.append(state + (f" (after {_few(upstream, 6)})" if upstream else ""))
    if len(shown) > LISTED:
        lines.append(f"  and {len(shown) - LISTED:,} more tasks")
    return "\n".join(lines)


def _few(names: tuple[str, ...], most: int) -> str:
    listed = ", ".join(names[:most])
    return listed if len(names) <= most else f"{listed} and {len(names) - most:,} more"


def _instances(graph: Graph, states: Mapping[str, str]) -> list[str]:
    """Tasks to be shown: the instances of a template that was expanded stand in its place."""
    of: dict[str, list[str]] = {}
    for name in states:
        if name not in graph.place:
            of.setdefault(template_of(name), []).append(name)
    return [
        name for task in graph.tasks for name in ([task] if task in states else of.get(task, []))
    ]


def folded(graph: Graph, states: Mapping[str, str]) -> tuple[Graph, dict[str, tuple[str, ...]]]:
    """The graph as it is shown: instances in the place of a template that was expanded, over ten of them as one node.

    Also which instances each such node stands for.
    """
    if not any("[" in name for name in states):
        return graph, {}
    shown = _instances(graph, states)
    several: dict[str, list[str]] = {}
    for name in shown:
        several.setdefault(template_of(name), []).append(name)
    shown += [task for task in graph.tasks if task not in states and task not in several]
    folds = {template: tuple(names) for template, names in several.items() if len(names) > FOLD}
    stands = {task: several.get(task, []) for task in graph.tasks if task not in shown}
    own = {task for edge in graph.edges for task in edge if task in shown and "[" in task}
    edges, labels = [], {}
    for edge in graph.edges:
        if any(not own.isdisjoint(stands.get(end, ())) for end in edge):
            continue  # the engine has given the edges of the instances themselves
        places = [[_place(name, folds) for name in stands.get(end, [end])] for end in edge]
        for pair in dict.fromkeys(
            (up, down) for up in places[0] for down in places[1] if up != down
        ):
            edges.append(pair)
            labels |= {pair: graph.labels[edge]} if edge in graph.labels else {}
    tasks = dict.fromkeys(_place(name, folds) for name in shown)
    counts = {
        task: {**graph.notes.get(task, {}), "instances": f"{len(names)}"}
        for task, names in folds.items()
    }
    try:
        return Graph.of(
            tasks, edges, dynamic=graph.dynamic, labels=labels, notes={**graph.notes, **counts}
        ), folds
    except PipelineError:  # folding would close a cycle, as with calls that take turns
        return graph, {}


def _place(name: str, folds: Mapping[str, tuple[str, ...]]) -> str:
    template = template_of(name)
    return template if template in folds else name


def layout(graph: Graph, states: Mapping[str, str] | None = None) -> str | None:
    """The graph as SVG: node ``n`` of ``graph.tasks`` has the id ``task-n`` and a class with its state."""
    import graphviz
    from graphviz.backend import dot_command

    binary = Path(sysconfig.get_path("scripts"), "graphviz-pure")
    binary = binary if binary.exists() else shutil.which("graphviz-pure") or shutil.which("dot")
    if binary is None or not graph.tasks:
        return None
    dot_command.DOT_BINARY = Path(binary)
    try:
        svg = dot(graph, states or {}).pipe(format="svg", encoding="utf-8", quiet=True)
    except (graphviz.ExecutableNotFound, graphviz.CalledProcessError):
        return None
    return svg[svg.index("<svg") :].strip()


def dot(graph: Graph, states: Mapping[str, str]):
    """The graph in the DOT language, as a ``graphviz.Digraph``."""
    import graphviz

    font = {"fontname": "Helvetica", "fontsize": "12"}
    source = graphviz.Digraph(
        graph_attr={
            "rankdir": "LR" if len(graph.tasks) <= 200 else "TB",
            "bgcolor": "white",
            "pad": "0.15",
            **font,
        },
        node_attr={
            "shape": "box",
            "fillcolor": "white",
            "margin": "0.12,0.06",
            "height": "0.4",
            **font,
        },
        edge_attr={
            "color": "#555555",
            "arrowsize": "0.7",
            "fontname": "Helvetica",
            "fontsize": "10",
            "fontcolor": "#333333",
        },
    )
    groups: dict[str, Any] = {"": source}
    for number, task in enumerate(graph.tasks):
        group, _, name = task.rpartition("/")
        name += f" ×{count}" if (count := graph.notes.get(task, {}).get("instances")) else ""
        state = states.get(task) or _of_instances(task, states)
        icon, fill, border = LOOK[state or "pending"]
        _within(groups, group).node(
            f"n{number}",
            graphviz.escape(f"{icon} {name}" if states else name),
            id=f"task-{number}",
            style=f"rounded,filled,{border}",
            fillcolor=fill,
            tooltip=graphviz.escape(_tooltip(task, state, graph.notes.get(task, {}))),
            **{"class": f"state-{state or 'pending'}"},
        )
    for group, cluster in reversed(list(groups.items())[1:]):
        _within(groups, group.rpartition("/")[0]).subgraph(cluster)
    for upstream, downstream in graph.edges:
        label = graph.labels.get((upstream, downstream), "")
        source.edge(
            f"n{graph.place[upstream]}",
            f"n{graph.place[downstream]}",
            graphviz.escape(label) if label else None,
        )
    return source


def _within(groups: dict[str, Any], group: str):
    """The cluster of a group, made together with those around it when it is first needed."""
    import graphviz

    if group not in groups:
        _within(groups, group.rpartition("/")[0])
        attributes = {
            "label": graphviz.escape(group.rpartition("/")[2]),
            "style": "rounded,dashed",
            "color": "#777777",
        }
        groups[group] = graphviz.Digraph(name=f"cluster_{len(groups)}", graph_attr=attributes)
    return groups[group]


def _of_instances(task: str, states: Mapping[str, str]) -> str | None:
    """One state for a template that was expanded."""
    return foremost(
        {state for name, state in (states or {}).items() if template_of(name) == task != name}
    )


def foremost(found: Collection[str]) -> str | None:
    """The state among several that most wants to be seen."""
    order = (
        "failed",
        "running",
        "retrying",
        "upstream_failed",
        "queued",
        "pending",
        "success",
        "cached",
        "skipped",
    )
    return next((state for state in order if state in found), None)


def _tooltip(task: str, state: str | None, notes: Mapping[str, str]) -> str:
    return "; ".join(
        [f"{task}: {state}" if state else task, *(f"{key} {value}" for key, value in notes.items())]
    )


def named(svg: str, words: str) -> str:
    """The SVG with a role and a name, so that a screen reader says what it shows."""
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(words.splitlines()[0])}" ', 1)


def timeline(record: Record) -> Picture:
    """When each attempt ran, in seconds since the run began: bars for attempts, dashes for waits between them."""
    record = getattr(record, "record", record)
    if not isinstance(record, Record):
        raise PipelineError(
            f"a timeline shows a Record or a Run, and this is a {type(record).__name__}"
        )
    tasks = [task for task in _instances(record.graph, record.states()) if record.attempts(task)]
    svg = _timeline_svg([("", record, tasks)])
    return Picture(
        named(svg, f"Timeline of {len(tasks)} tasks"), "\n".join(_timeline_lines(record, tasks))
    )


def _timeline_lines(record: Record, tasks: list[str]) -> list[str]:
    edges = sorted(
        edge for task in tasks for a, b in record.intervals(task) for edge in ((a, 1), (b, -1))
    )
    most = now = 0
    for _, change in edges:
        now += change
        most = max(most, now)
    lines = [f"{len(tasks)} tasks ran in {record.last_at:.2f} s, up to {most} at the same time"]
    for task in tasks[:LISTED]:
        for attempt in record.attempts(task):
            icon = LOOK[attempt.state][0]
            end = "…" if attempt.end is None else f"{attempt.end:.2f}"
            lines.append(
                f"  {icon} {task}, attempt {attempt.number}: {attempt.start:.2f}–{end} s, {attempt.state}"
            )
    return lines + [f"  and {len(tasks) - LISTED:,} more tasks"] * (len(tasks) > LISTED)


def _timeline_svg(parts: list[tuple[str, Record, list[str]]]) -> str:
    """One block of rows per record, all on the same scale of seconds."""
    longest = max((record.last_at for _, record, _ in parts), default=0.0) or 1.0
    names = [task for _, _, tasks in parts if len(tasks) <= ROWS for task in tasks]
    left, width = 14 + 6.6 * max((len(name) + 2 for name in names), default=0), 640
    out, y = [], 6.0
    for title, record, tasks in parts:
        if title:
            out.append(f'<text x="6" y="{y + 14:.0f}" font-weight="bold">{escape(title)}</text>')
            y += 22
        high = 22.0 if len(tasks) <= ROWS else max(2.0, 1200 / len(tasks))
        for task in tasks:
            out += _timeline_row(record, task, y, high, left, width / longest)
            y += high
        y += 8
    for at in _ticks(longest):
        x = left + at * width / longest
        out.insert(0, f'<line x1="{x:.1f}" x2="{x:.1f}" y1="4" y2="{y:.0f}" stroke="#DDDDDD"/>')
        out.append(
            f'<text x="{x:.1f}" y="{y + 14:.0f}" text-anchor="middle" font-size="11">{at:g} s</text>'
        )
    size = f'width="{left + width + 40:.0f}" height="{y + 24:.0f}"'
    view = f'viewBox="0 0 {left + width + 40:.0f} {y + 24:.0f}"'
    font = 'font-family="Helvetica,Arial,sans-serif" font-size="12"'
    head = f'<svg {size} {view} xmlns="http://www.w3.org/2000/svg" {font}>'
    return head + '<rect width="100%" height="100%" fill="white"/>' + "".join(out) + "</svg>"


def _ticks(longest: float) -> list[float]:
    """Round numbers of seconds, four to eight of them, from 0 up to ``longest``."""
    exponent = math.floor(math.log10(longest / 4))
    step = next(base * 10**exponent for base in (5, 2, 1) if longest / (base * 10**exponent) >= 4)
    return [round(number * step, 9) for number in range(int(longest / step) + 1)]


def _timeline_row(
    record: Record, task: str, y: float, high: float, left: float, scale: float
) -> list[str]:
    attempts, out, named = record.attempts(task), [], high >= 12
    middle = y + high / 2
    if named:
        icon = LOOK[record.state_of(task)][0]
        out.append(f'<text x="6" y="{middle + 4:.1f}">{icon} {escape(task)}</text>')
    for before, after in pairwise(attempts):
        if before.end is not None and after.start > before.end:
            x1, x2 = left + before.end * scale, left + after.start * scale
            line = f'<line x1="{x1:.1f}" x2="{x2:.1f}" y1="{middle:.1f}" y2="{middle:.1f}"'
            out.append(f'{line} stroke="#333" stroke-dasharray="3 3"/>')
    for attempt in attempts:
        end = record.last_at if attempt.end is None else attempt.end
        icon, fill, border = LOOK[attempt.state]
        dashes = "" if border in ("solid", "bold") else ' stroke-dasharray="3 2"'
        x, wide = left + attempt.start * scale, max((end - attempt.start) * scale, 2.0)
        out.append(
            f'<rect x="{x:.1f}" y="{y + high * 0.12:.1f}" width="{wide:.1f}" height="{high * 0.76:.1f}" fill="{fill}" '
            f'stroke="#333"{dashes}><title>{escape(task)}, attempt {attempt.number}: {attempt.state}, '
            f"{end - attempt.start:.3f} s</title></rect>"
        )
        if named and wide >= 14:
            out.append(
                f'<text x="{x + wide / 2:.1f}" y="{middle + 4:.1f}" text-anchor="middle" font-size="11">{icon}</text>'
            )
    return out


@dataclass(frozen=True)
class Comparison:
    """Several records side by side: ``rows`` hold every task, ``different`` names what is not the same."""

    names: tuple[str, ...]
    records: tuple[Record, ...]
    rows: tuple[Difference, ...]

    @property
    def different(self) -> dict[str, tuple[str, ...]]:
        """Task → the columns (state, attempts, output) in which the records disagree."""
        return {row.task: row.fields for row in self.rows if row.fields}

    def __repr__(self) -> str:
        lines = [f"{len(self.rows)} tasks on {', '.join(self.names)}; {len(self.different)} differ"]
        for row in self.rows:
            cells = (_cell(row, place) for place in range(len(self.records)))
            lines.append(f"  {'≠' if row.fields else '='} {row.task}: {' | '.join(cells)}")
        return "\n".join(lines)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": self._html(), "text/plain": repr(self)}

    def _html(self) -> str:
        head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in self.names)
        body = ""
        for row in self.rows:
            cells = "".join(
                f"<td>{escape(_cell(row, place))}</td>" for place in range(len(self.records))
            )
            verdict = f"≠ {', '.join(row.fields)}" if row.fields else "= same"
            body += f"<tr><th scope='row'>{escape(row.task)}</th>{cells}<td>{verdict}</td></tr>"
        parts = [
            (name, record, list(record.states()))
            for name, record in zip(self.names, self.records, strict=True)
        ]
        parts = [
            (name, record, [task for task in tasks if record.attempts(task)])
            for name, record, tasks in parts
        ]
        table = f"<table><tr><th scope='col'>task</th>{head}<th scope='col'>verdict</th></tr>{body}</table>"
        return table + named(
            _timeline_svg(parts), f"Timelines of {', '.join(self.names)}, one above the other"
        )


def _cell(row: Difference, place: int) -> str:
    state = row.states[place]
    if state is None:
        return "no such task"
    tries = f", {row.attempts[place]} attempts" if row.attempts[place] > 1 else ""
    return f"{LOOK[state][0]} {state}{tries}, {row.seconds[place]:.2f} s"


def compare(*records: Record) -> Comparison:
    """Put records side by side: which tasks differ in state, attempts, output; how long each took; when each ran."""
    records = tuple(getattr(record, "record", record) for record in records)
    for record in records:
        if not isinstance(record, Record):
            raise PipelineError(
                f"compare takes Records or Runs, and was given a {type(record).__name__}"
            )
    if len(records) < 2:
        raise PipelineError(f"compare takes at least two records, and was given {len(records)}")
    engines = [record.engine for record in records]
    distinct = len(set(engines)) == len(engines)
    names = [name if distinct else f"run {number}" for number, name in enumerate(engines, 1)]
    return Comparison(tuple(names), records, differences(records))
