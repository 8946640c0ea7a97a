"""Tables of numbers as CSV files: drawing them, and what a doubled one should look like."""

import csv
import io
import math
import re
import struct
from collections.abc import Sequence
from itertools import chain
from random import Random

from workbench.wording import counted

WORDS = ("price", "Weight", "Unit cost", "SALES", "length", "Top speed", "volume", "Score")
NOTHING = 9  # the line of the row that has no value, where there are gaps
EMPTY = ("", "nan", "na", "null", "none")  # how libraries write a missing value
SIGNS = frozenset("0123456789+-.eE")  # of a number; Python reads others, as 1_000, programs do not
BLANKS = " \t"  # around one
ODD = re.compile(rb"[_iI]|[^\r\n\t -~]")  # signs of which Python makes more than programs do
ENDLESS = "inf"  # here in the place of a missing value, for it is its own double
WHOLE = re.compile(r"-?\d+")  # here of a number so small that a double holds it to its last digit
END = re.compile(rb"[\r\n]")  # of a line
KINDS = (  # numbers as files have them, of which no two of a column are likely to be the same
    # The first three are drawn by the thousand, and so from bytes: that is quickest.
    lambda draw, rows: [str(number % 1_999_999 - 999_999) for number in _whole(draw, rows)],
    lambda draw, rows: [f"{number / 429_497 - 5000:.2f}" for number in _whole(draw, rows)],
    lambda draw, rows: [f"{number / 477_218_589:.6f}" for number in _whole(draw, rows)],
    lambda draw, rows: [repr(draw.uniform(-1, 1)) for _ in range(rows)],
    # As many digits doubled as one who computes with doubles may mean to write: twelve.
    lambda draw, rows: [str(draw.randrange(10**9, 10**12 // 2)) for _ in range(rows)],
    lambda draw, rows: [
        f"{draw.uniform(1, 10):.6f}e{draw.choice(('-13', '-05', '+09', '+31'))}"
        for _ in range(rows)
    ],
)
# Of as many bits as a type of eight, sixteen or 32 has, with or without a sign: doubled, a number
# has one more.
AT_ENDS = [
    lambda draw, rows, bits=bits: [
        str(draw.randrange(2**bits, 2 ** (bits + 1))) for _ in range(rows)
    ]
    for bits in (6, 7, 14, 15, 30, 31)
]
AS_THEY_ARE = ("2024", "year", "store_id", "finance", "Größe")  # names of columns, in their order
Table = list[list[str]]


def columns(draw: Random, number: int = 3) -> list[str]:
    """Names of columns, none twice."""
    rounds = -(-number // len(WORDS))
    names = [f"{word}_{turn}" if turn else word for turn in range(rounds) for word in WORDS]
    return draw.sample(names, number)


def _whole(draw: Random, rows: int) -> Sequence[int]:
    """Numbers from 0 to 2**32."""
    return struct.unpack(f"<{rows}I", draw.randbytes(4 * rows))


def drawn(header: Sequence[str], rows: int, draw: Random, kinds: Sequence = KINDS[:3]) -> Table:
    """Numbers as text, each column of a kind; the first two rows are equal: both of them count."""
    used = (kinds[number % len(kinds)] for number in range(len(header)))
    body = [*map(list, zip(*(kind(draw, rows) for kind in used), strict=True))]
    if rows > 1:
        body[1] = list(body[0])
    return [list(header), *body]


def with_digits(table: Table, name: str, draw: Random) -> Table:
    """The same with one more column of this name, of single digits."""
    digits = [str(number % 10) for number in draw.randbytes(len(table) - 2)]
    return [[*row, more] for row, more in zip(table, [name, digits[0], *digits], strict=True)]


def with_gaps(table: Table) -> Table:
    """The same with missing values: at both ends of a row, side by side, all of a row, and where a
    column begins. Beside them what is taken for one: 0, in each way to write it, -1 and -999.

    One column begins with whole numbers, two are equal, one has the same value all along; the
    table has eleven columns of KINDS or more.
    """
    rows = [list(row) for row in table]
    for row in rows[1:]:
        row[7:9] = row[6], "0"
    for row in rows[1:3]:  # which are equal
        row[1], row[5] = row[1].partition(".")[0], ""
    rows[3][:3] = "-1", "0.0", "0.00"
    rows[4][0] = rows[5][-1] = rows[7][2] = ""
    rows[6][2:5] = [""] * 3
    rows[8][:2] = "-999", "0e0"
    rows[NOTHING] = [""] * len(rows[0])
    return rows


def with_others_late(table: Table, draw: Random) -> Table:
    """The same with a missing value near the top of its last column, since some programs take what
    they meet first for what there can be, and say so where it is not; and, not in its first hundred
    rows, the first fraction and the first negative number."""
    rows = [list(row) for row in table]
    rows[3][-1] = ""
    others = f"{draw.randrange(100)}.5", str(-draw.randrange(1, 10))
    for row, value in zip(draw.sample(range(101, len(rows)), len(others)), others, strict=True):
        rows[row][-1] = value
    return rows


def with_near_values(table: Table, draw: Random) -> Table:
    """The same with two values of its last column that differ in their eleventh digit alone: what
    is shown, or compared with some room, is the same when they are in each other's place."""
    rows = [list(row) for row in table]
    value = draw.randrange(10**10, 10**11 - 9)  # of eleven digits, nine of them behind the point
    for number, row in enumerate(draw.sample(range(3, len(rows) - 2), 2)):
        rows[row][-1] = f"{(value + 2 * number) / 10**9:.9f}"
    return rows


def text(table: Table) -> bytes:
    return "\n".join([*map(",".join, table), ""]).encode()


def damaged(content: bytes) -> bytes:
    """A table's file with bytes that are no text after two thirds of its rows."""
    lines = content.splitlines(keepends=True)
    lines[len(lines) * 2 // 3] = b"\xff" + lines[len(lines) * 2 // 3]
    return b"".join(lines)


def beside_the_damage(output: bytes, table: Table) -> str:
    """How an output of a table that was damaged so differs from the table times two, whatever it
    has for the value that cannot be read, but nothing, nor what is written for that."""
    lines = output.splitlines(keepends=True)
    at = len(table) * 2 // 3
    if len(lines) == len(table):
        damaged, comma, others = lines[at].partition(b",")
        if damaged.strip(b'" ').decode(errors="replace").lower() not in EMPTY:
            lines[at] = repr(float(table[at][0]) * 2).encode() + comma + others
    return difference(b"".join(lines), table)


def doubled(table: Table) -> bytes:
    """The file of the table times two."""
    body = [[str(round(float(cell) * 2, 6)) for cell in row] for row in table[1:]]
    return text([table[0], *body])


def number_of_lines(output: bytes) -> int:
    return len(lines_of(output)[0])


def lines_of(output: bytes) -> tuple[list[bytes], bytes]:
    """The lines of a file, with their ends, down to the last one that is not empty; and its end."""
    end = len(output.rstrip(b"\r\n"))
    return output[:end].splitlines(keepends=True), output[end:]


def described(table: Table) -> str:
    """What is in the table: `3 columns and 20 rows (some values missing)`."""
    size = f"{counted(len(table[0]), 'column')} and {counted(len(table) - 1, 'row')}"
    gaps = any("" in row for row in table)
    return f"{size} (some values missing)" if gaps else size


def difference(output: bytes, table: Table) -> str:
    """The first way in which the output is not the table times two; empty when it is."""
    try:
        lines = csv.reader(io.StringIO(output.decode("utf-8-sig"), newline=""))
        header, *body = _without_end(list(lines))
    except (UnicodeDecodeError, csv.Error) as error:
        return f"wrote no CSV file: {error}"
    expected, *given = table
    if header != expected:
        return _header_difference(header, expected)
    if header in body:
        number = body.index(header) + 1
        return f"wrote the header again, in row {number}; expected it once, at the top"
    if [] in body:
        return f"wrote an empty line below line {body.index([]) + 1}; expected a row in each line"
    if len(body) != len(given):
        all_of = f"each of the {len(given)} of the input" if len(given) > 1 else "that of the input"
        equal = ", equal ones too" if len(body) == len(set(map(tuple, given))) else ""
        return f"wrote {len(body)} rows; expected one for {all_of}{equal}"
    if _is_plainly_double(output, body, given):
        return ""
    wrong = (
        _row_difference(number, header, *rows)
        for number, rows in enumerate(zip(body, given, strict=True), 1)
    )
    return next(filter(None, wrong), "")


def _without_end(rows: Table) -> Table:
    """The rows without empty ones at the end, which are none to anybody."""
    while rows and not rows[-1]:
        rows.pop()
    return rows or [[]]


def _is_plainly_double(output: bytes, body: Table, given: Table) -> bool:
    """Whether each number is to the last bit; False as soon as there is anything to look at."""
    if ODD.search(END.split(output, maxsplit=1)[-1]):
        return False
    if [*map(len, body)] != [*map(len, given)]:
        return False
    values, cells = ([*chain.from_iterable(rows)] for rows in (body, given))
    if "" in cells:
        if [*map(bool, values)] != [*map(bool, cells)]:
            return False
        values, cells = ([cell or ENDLESS for cell in all_of] for all_of in (values, cells))
    try:
        return [*map(float, values)] == [2 * cell for cell in map(float, cells)]
    except ValueError:
        return False


def _header_difference(header: list[str], expected: list[str]) -> str:
    shown = [*header[:8], "…"] if len(header) > 8 else header
    if header and all(_is_number(name) for name in header):
        return f"wrote no header: the first line is {shown}; expected {expected[:8]} above it"
    if header[1:] == expected and not header[0]:
        return "wrote a column more, without a name, which counts the rows; expected no index"
    if sorted(header) == sorted(expected):
        return f"wrote the columns in the order {shown}; expected {expected[:8]}, as in the input"
    return f"wrote the header {shown}; expected {expected[:8]}"


def _row_difference(number: int, header: list[str], row: list[str], given: list[str]) -> str:
    if len(row) != len(given):
        return f"wrote {len(row)} values in row {number}; expected {len(given)}"
    for name, value, cell in zip(header, row, given, strict=True):
        if not _is_double(value, cell):
            expected = repr(float(cell) * 2).removesuffix(".0") if cell else "nothing"
            source = f"{cell or 'an empty cell'} ({name}, row {number})"
            return f"made {value or 'nothing'} of {source}; expected {expected}"
    return ""


def _is_number(value: str) -> bool:
    try:
        return SIGNS.issuperset(value) and math.isfinite(float(value))
    except ValueError:
        return False


def _is_double(value: str, cell: str) -> bool:
    if not cell:
        return value.strip(BLANKS).lower() in EMPTY
    value, expected = value.strip(BLANKS), float(cell) * 2
    spare = 0 if WHOLE.fullmatch(cell) else 1e-11  # twelve digits
    return _is_number(value) and math.isclose(float(value), expected, rel_tol=spare)
