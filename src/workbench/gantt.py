"""Record → a timeline: when each attempt ran, as SVG and as text."""

import math
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from workbench.folding import instances
from workbench.graph import PipelineError
from workbench.picture import LISTED, LOOK, READ, Picture, and_more, icon, named
from workbench.record import Attempt, Record

ROWS = 60  # rows that have room for a name
WIDTH = 640  # pixels for the time of the longest record
MARGIN = 40  # to the right of it, for half a number
HEAD = (
    '<svg {size} viewBox="0 0 {width:.0f} {height:.0f}" xmlns="http://www.w3.org/2000/svg" {font}>'
)
FONT = 'font-family="Helvetica,Arial,sans-serif" font-size="12"'
SMALL = 'text-anchor="middle" font-size="11"'


def timeline(record: Record) -> Picture:
    """When each attempt ran, in seconds since the run began: bars for attempts, dashes for waits.

    Raise PipelineError for anything but a Record or a Run.
    """
    record = getattr(record, "record", record)
    if not isinstance(record, Record):
        raise PipelineError(
            f"a timeline shows a Record or a Run, and this is a {type(record).__name__}"
        )
    tasks = tuple(
        task for task in instances(record.graph, record.states()) if record.attempts(task)
    )
    lines = _lines(record, tasks)
    return Picture(named(drawn([Block("", record, tasks)]), _read_aloud(lines)), "\n".join(lines))


def _read_aloud(lines: list[str]) -> str:
    """What to say in place of the picture: its lines without their signs, as far as one listens."""
    attempts = [line.split(maxsplit=1)[1] for line in lines[1 : 1 + READ]]
    more = [f"and {len(lines) - 1 - READ} more"] if len(lines) > 1 + READ else []
    return "; ".join([f"Timeline: {lines[0]}", *attempts, *more])


def _lines(record: Record, tasks: tuple[str, ...]) -> list[str]:
    at_once = _most_at_once(record, tasks)
    lines = [f"{len(tasks)} tasks ran in {record.last_at:.2f} s, up to {at_once} at the same time"]
    for task in tasks[:LISTED]:
        for attempt in record.attempts(task):
            end = "…" if attempt.end is None else f"{attempt.end:.2f}"
            time = f"{attempt.start:.2f}–{end} s"
            sign = icon(attempt.state)
            lines.append(f"  {sign} {task}, attempt {attempt.number}: {time}, {attempt.state}")
    return lines + and_more(tasks)


def _most_at_once(record: Record, tasks: tuple[str, ...]) -> int:
    intervals = [interval for task in tasks for interval in record.intervals(task)]
    # Where one ends at the moment at which another starts, they did not run at once: -1 before 1.
    changes = sorted([(start, 1) for start, _ in intervals] + [(end, -1) for _, end in intervals])
    most = running = 0
    for _, change in changes:
        running += change
        most = max(most, running)
    return most


@dataclass(frozen=True)
class Block:
    """The rows of one record, under a title if it has one."""

    title: str
    record: Record
    tasks: tuple[str, ...]

    @property
    def named(self) -> bool:
        """Whether the rows have room for names."""
        return len(self.tasks) <= ROWS

    @property
    def row(self) -> float:
        """The height of a row, in pixels."""
        return 22.0 if self.named else max(2.0, 1200 / len(self.tasks))


@dataclass(frozen=True)
class _Scale:
    left: float  # pixels at which second 0 is
    second: float  # pixels

    def x(self, seconds: float) -> float:
        return self.left + seconds * self.second


def drawn(blocks: list[Block]) -> str:
    """An SVG with one block of rows per record, all on the same scale of seconds."""
    longest = max((block.record.last_at for block in blocks), default=0.0) or 1.0
    names = [task for block in blocks if block.named for task in block.tasks]
    left = 14 + 6.6 * max((len(name) + 2 for name in names), default=0)
    scale = _Scale(left, WIDTH / longest)
    parts, y = [], 6.0
    for block in blocks:
        if block.title:
            title = escape(block.title)
            parts.append(f'<text x="6" y="{y + 14:.0f}" font-weight="bold">{title}</text>')
            y += 22
        for task in block.tasks:
            parts += _row(block, task, y, scale)
            y += block.row
        y += 8
    for at in _ticks(longest):
        x = scale.x(at)
        parts.insert(0, f'<line x1="{x:.1f}" x2="{x:.1f}" y1="4" y2="{y:.0f}" stroke="#DDDDDD"/>')
        parts.append(f'<text x="{x:.1f}" y="{y + 14:.0f}" {SMALL}>{at:g} s</text>')
    return _document(parts, left + WIDTH + MARGIN, y + 24)


def _document(parts: list[str], width: float, height: float) -> str:
    size = f'width="{width:.0f}" height="{height:.0f}"'
    head = HEAD.format(size=size, width=width, height=height, font=FONT)
    return head + '<rect width="100%" height="100%" fill="white"/>' + "".join(parts) + "</svg>"


def _ticks(longest: float) -> list[float]:
    """Round numbers of seconds, four to eight of them, from 0 up to ``longest``."""
    power = 10 ** math.floor(math.log10(longest / 4))
    step = next(base * power for base in (5, 2, 1) if longest / (base * power) >= 4)
    return [round(number * step, 9) for number in range(int(longest / step) + 1)]


def _row(block: Block, task: str, y: float, scale: _Scale) -> list[str]:
    """The bars of one task's attempts, and between them the waits."""
    record, middle, parts = block.record, y + block.row / 2, []
    attempts = record.attempts(task)
    if block.named:
        name = f"{icon(record.state_of(task))} {escape(task)}"
        parts.append(f'<text x="6" y="{middle + 4:.1f}">{name}</text>')
    for before, after in pairwise(attempts):
        if before.end is not None and after.start > before.end:
            ends = f'x1="{scale.x(before.end):.1f}" x2="{scale.x(after.start):.1f}"'
            ends += f' y1="{middle:.1f}" y2="{middle:.1f}"'
            parts.append(f'<line {ends} stroke="#333" stroke-dasharray="3 3"/>')
    for attempt in attempts:
        end = record.last_at if attempt.end is None else attempt.end
        parts += _bar(block, task, attempt, end, y, scale)
    return parts


def _bar(
    block: Block, task: str, attempt: Attempt, end: float, y: float, scale: _Scale
) -> list[str]:
    sign, fill, border = LOOK[attempt.state]
    dashes = "" if border in ("solid", "bold") else ' stroke-dasharray="3 2"'
    x, width = scale.x(attempt.start), max((end - attempt.start) * scale.second, 2.0)
    y, height, middle = y + block.row * 0.12, block.row * 0.76, y + block.row / 2
    lasted = f"attempt {attempt.number}: {attempt.state}, {end - attempt.start:.3f} s"
    area = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    title = f"<title>{escape(task)}, {lasted}</title>"
    parts = [f'<rect {area} fill="{fill}" stroke="#333"{dashes}>{title}</rect>']
    if block.named and width >= 14:
        parts.append(f'<text x="{x + width / 2:.1f}" y="{middle + 4:.1f}" {SMALL}>{sign}</text>')
    return parts
