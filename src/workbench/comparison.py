"""Several records side by side: what differs, how long it took, and when each task ran."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from workbench.events import DONE
from workbench.gantt import Block, drawn
from workbench.graph import PipelineError
from workbench.picture import icon, image, named
from workbench.record import Record


@dataclass(frozen=True)
class Difference:
    """One task seen in several records, a column for each of them.

    ``states`` is None where there is no such task, ``seconds`` are those of all attempts,
    ``outputs`` short fingerprints, None where there is none.
    """

    task: str
    states: tuple[str | None, ...]
    attempts: tuple[int, ...]
    seconds: tuple[float, ...]
    outputs: tuple[str | None, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the columns in which the records disagree; durations never count, they
        always do."""
        columns = {"state": self.states, "attempts": self.attempts, "output": self.outputs}
        return tuple(name for name, values in columns.items() if len(set(values)) > 1)

    def cells(self) -> tuple[str, ...]:
        """What each record says of the task, in words."""
        return tuple(map(_cell, self.states, self.attempts, self.seconds))


def _cell(state: str | None, attempts: int, seconds: float) -> str:
    if state is None:
        return "no such task"
    tries = f", {attempts} attempts" if attempts > 1 else ""
    return f"{icon(state)} {state}{tries}, {seconds:.2f} s"


def differences(records: Iterable[Record]) -> tuple[Difference, ...]:
    """Every task of any of the records, in topological order of the record that has it first.

    Where one engine has ``train`` and another numbers its only call, ``train[0]``, the two are one
    row.
    """
    records = tuple(records)
    plain = {task for record in records for task in record.states() if "[" not in task}
    own_names = [
        {_row(task, record, plain): task for task in record.states()} for record in records
    ]
    rows = dict.fromkeys(row for names in own_names for row in names)
    return tuple(
        _difference(row, records, [names.get(row, row) for names in own_names]) for row in rows
    )


def _row(task: str, record: Record, plain: set[str]) -> str:
    """The name under which a task is compared: without its number if it is the only call and
    another record has the task without one."""
    template, states = task.removesuffix("[0]"), record.states()
    alone = template not in states and f"{template}[1]" not in states
    return template if alone and template in plain else task


def _difference(row: str, records: tuple[Record, ...], names: list[str]) -> Difference:
    """``names`` are the task's own in each record."""
    columns = list(zip(records, names, strict=True))
    attempts = [record.attempts(name) for record, name in columns]
    return Difference(
        row,
        states=tuple(record.states().get(name) for record, name in columns),
        attempts=tuple(map(len, attempts)),
        seconds=tuple(sum(attempt.duration for attempt in several) for several in attempts),
        outputs=tuple(_digest(record, name) for record, name in columns),
    )


def _digest(record: Record, task: str) -> str | None:
    stored = record.last(task, "output") if record.state_of(task) in DONE else None
    return stored and stored.detail.get("digest")


@dataclass(frozen=True)
class Comparison:
    """Several records side by side: ``rows`` hold every task, ``different`` what is not the
    same."""

    names: tuple[str, ...]
    records: tuple[Record, ...]
    rows: tuple[Difference, ...]

    @property
    def different(self) -> dict[str, tuple[str, ...]]:
        """Task → the columns (state, attempts, output) in which the records disagree."""
        return {row.task: row.fields for row in self.rows if row.fields}

    def __repr__(self) -> str:
        names = ", ".join(self.names)
        lines = [f"{len(self.rows)} tasks on {names}; {len(self.different)} differ"]
        for row in self.rows:
            sign = "≠" if row.fields else "="
            lines.append(f"  {sign} {row.task}: {' | '.join(row.cells())}")
        return "\n".join(lines)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        html = self._table() + image(self._timelines())
        return {"text/html": html, "text/plain": repr(self)}

    def page(self) -> str:
        """A table and the timelines, as HTML for a page that trusts it."""
        return self._table() + self._timelines()

    def _timelines(self) -> str:
        blocks = [
            Block(name, record, tuple(filter(record.attempts, record.states())))
            for name, record in zip(self.names, self.records, strict=True)
        ]
        title = f"Timelines of {', '.join(self.names)}, one above the other"
        return named(drawn(blocks), title)

    def _table(self) -> str:
        head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in self.names)
        body = f"<tr><th scope='col'>task</th>{head}<th scope='col'>verdict</th></tr>"
        for row in self.rows:
            cells = "".join(f"<td>{escape(cell)}</td>" for cell in row.cells())
            cells = cells.replace(" ", "&nbsp;").replace(",&nbsp;", ", ")  # breaks at commas only
            verdict = f"≠ {', '.join(row.fields)}" if row.fields else "= same"
            body += f"<tr><th scope='row'>{escape(row.task)}</th>{cells}<td>{verdict}</td></tr>"
        return f"<table>{body}</table>"


def compare(*records: Record) -> Comparison:
    """Put records side by side: which tasks differ in state, attempts or output, how long each
    took, when each ran. Raise PipelineError for fewer than two, and for what is no Record or Run.
    """
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
    names = engines if distinct else [f"run {number}" for number in range(1, len(engines) + 1)]
    return Comparison(tuple(names), records, differences(records))
