"""Files that an output may hold already, most of them nearly the right one."""

import contextlib
import re
from collections.abc import Sequence
from itertools import pairwise
from random import Random

from workbench.exercises.problem_3.tables import KINDS, NOTHING, Table, doubled, lines_of


def with_two_values_swapped(table: Sequence[Sequence], draw: Random) -> list[list]:
    """The same but for two values of its last column, in each other's place: its size, its ends and
    what its columns add up to stay as they are. A table of few rows stays as it is."""
    rows = [list(row) for row in table]
    if len(rows) > 18:  # who sums eight by eight, as numpy does, adds these two to each other
        one = draw.randrange(3, 9)
        return _swapped(rows, one, one + 8)
    return _swapped(rows, *draw.sample(range(3, len(rows) - 2), 2)) if len(rows) > 8 else rows


def with_near_values_swapped(output: bytes, draw: Random) -> bytes:
    """The file with two values in each other's place, as above: if they are numbers, those that are
    nearest to each other, so that it looks like the right one, or is close to it."""
    lines, end = lines_of(output)
    rows = with_two_values_swapped(table := [line.split(b",") for line in lines], draw)
    with contextlib.suppress(ValueError):  # no numbers, or no two of them
        inner = sorted((float(row[-1]), place) for place, row in enumerate(table[3:-2], 3))
        apart = ((b - a, one, two) for (a, one), (b, two) in pairwise(inner) if a < b)
        rows = _swapped(table, *min(apart)[1:])
    return b"".join([*map(b",".join, rows), end])


def _swapped(rows: list[list], one: int, two: int) -> list[list]:
    rows[one][-1], rows[two][-1] = rows[two][-1], rows[one][-1]
    return rows


def with_two_rows_swapped(output: bytes) -> bytes:
    """The file with two rows of its middle in each other's place; itself where it has few."""
    lines, end = lines_of(output)
    at = len(lines) // 2
    return b"".join([*lines[:at], *lines[at : at + 2][::-1], *lines[at + 2 :], end])


def with_names_reversed(output: bytes) -> bytes:
    """The file with the names of its columns in the reverse order, above its rows as they are."""
    header, end, rows = output.partition(b"\n")
    names = header.removesuffix(b"\r")
    return b",".join(names.split(b",")[::-1]) + header[len(names) :] + end + rows


def with_columns_reversed(output: bytes) -> bytes:
    """The file with all its columns in the reverse order."""
    lines, end = lines_of(output)
    ends = (re.search(rb"\r?\n?$", line)[0] for line in lines)
    cells = (line.rstrip(b"\r\n").split(b",")[::-1] for line in lines)
    return b"".join([*(b",".join(row) + one for row, one in zip(cells, ends, strict=True)), end])


def with_a_gap_filled(output: bytes) -> bytes:
    """The file with 0 for the first value of the row of nothing that `with_gaps` has made."""
    lines, end = lines_of(output)
    for line in lines[NOTHING : NOTHING + 1]:
        lines[NOTHING] = b"0" + line[line.find(b",") :]
    return b"".join([*lines, end])


def without_its_last_value(output: bytes) -> bytes:
    """The file without the last value of its last row, as where a write was torn."""
    return output.rstrip(b"\r\n").rpartition(b",")[0]


def with_one_more(output: bytes, name: str, draw: Random) -> bytes:
    """The file with one more column of this name at its right."""
    lines, end = lines_of(output)
    more = [name, *KINDS[1](draw, len(lines))]
    rows = [
        re.sub(rb"\r?\n?$", f",{cell}".encode() + rb"\g<0>", line, count=1)
        for line, cell in zip(lines, more, strict=False)
    ]
    return b"".join([*rows, end])


def beginning(output: bytes) -> bytes:
    """The first half of the file's lines."""
    lines, _ = lines_of(output)
    return b"".join(lines[: len(lines) // 2 + 1])


def torn(others: Table, output: bytes) -> bytes:
    """The file of others doubled, and below it another one as an append leaves it, cut off."""
    return doubled(others) + output[:-3]


def with_others_between(output: bytes, others: Table) -> bytes:
    """The file, doubled rows of others, and the file's rows once more."""
    rows, between = (file.partition(b"\n")[2] for file in (output, doubled(others)))
    return output + between + rows
