"""Tables of numbers as CSV files: drawing them, and what a doubled one should look like."""

import csv
import io
import math
from random import Random

CALL = "process_data('input.csv', 'output.csv')"
WORDS = ("price", "weight", "height", "sales", "cost", "speed", "volume", "score")
EMPTY = ("", "nan", "na", "null", "none")  # how libraries write a missing value
Table = list[list[str]]


def columns(draw: Random) -> list[str]:
    return draw.sample(WORDS, 3)


def drawn(header: list[str], rows: int, draw: Random) -> Table:
    """Numbers as text: whole ones, and two kinds with decimals."""
    body = [
        [
            str(draw.randrange(-999, 1000)),
            f"{draw.uniform(-50, 50):.2f}",
            f"{draw.uniform(0, 9):.3f}",
        ]
        for _ in range(rows)
    ]
    return [header, *body]


def with_gaps(table: Table) -> Table:
    """The same with two missing values."""
    rows = [list(row) for row in table]
    rows[4][0] = rows[7][2] = ""
    return rows


def text(table: Table) -> bytes:
    return "".join(",".join(row) + "\n" for row in table).encode()


def doubled(table: Table) -> bytes:
    """The file of the table times two."""
    body = [[str(round(float(cell) * 2, 3)) for cell in row] for row in table[1:]]
    return text([table[0], *body])


def difference(output: bytes | None, table: Table) -> str:
    """The first way in which the output is not the table times two; empty when it is."""
    if output is None:
        return f"{CALL} left no output."
    try:
        lines = csv.reader(io.StringIO(output.decode("utf-8-sig"), newline=""))
        header, *body = [row for row in lines if row] or [[]]
    except (UnicodeDecodeError, csv.Error) as error:
        return f"the output is not a CSV file: {error}."
    expected, *given = table
    if header != expected:
        return f"{CALL} wrote the header {header}; expected {expected}."
    if header in body:
        return f"{CALL} wrote the header more than once."
    if len(body) != len(given):
        wanted = f"one for each of the {len(given)} of the input"
        return f"{CALL} wrote {len(body)} rows; expected {wanted}."
    wrong = (
        _row_difference(number, header, *rows)
        for number, rows in enumerate(zip(body, given, strict=True), 1)
    )
    return next(filter(None, wrong), "")


def _row_difference(number: int, header: list[str], row: list[str], given: list[str]) -> str:
    if len(row) != len(given):
        return f"{CALL} wrote {len(row)} values in row {number}; expected {len(given)}."
    for name, value, cell in zip(header, row, given, strict=True):
        if not _is_double(value, cell):
            expected = f"{float(cell) * 2:g}" if cell else "nothing"
            source = f"{name} {cell or '(empty)'} in row {number}"
            return f"{CALL} made {value or 'nothing'} of {source}; expected {expected}."
    return ""


def _is_double(value: str, cell: str) -> bool:
    if not cell:
        return value.strip().lower() in EMPTY
    try:
        return math.isclose(float(value), float(cell) * 2, rel_tol=1e-9, abs_tol=1e-9)
    except ValueError:
        return False


def changed(fresh: bytes, after: bytes | None, when: str, otherwise: str) -> str:
    """How the output differs from a fresh one; empty when it has the same bytes."""
    if after == fresh:
        return ""
    if after is None:
        return f"{CALL}: there is no output {when}; expected the same as {otherwise}."
    lines, expected = after.count(b"\n"), fresh.count(b"\n")
    detail = f"{lines} lines instead of {expected}"
    if lines == expected:
        detail = "the same number of lines, but other bytes"
    return f"{CALL}: {when} the output has {detail}; expected the same as {otherwise}."
