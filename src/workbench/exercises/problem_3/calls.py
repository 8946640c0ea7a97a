"""Calls of `process_data`, as they are planned, and what the worker is told of them."""

from dataclasses import dataclass, replace
from functools import cached_property
from random import Random
from typing import NamedTuple

from workbench.exercises.problem_3 import older, tables
from workbench.exercises.problem_3.tables import KINDS, Table

FOLDER = "data"  # where the answer runs and all its files are
INPUT = "input.csv"  # of the plainest call
DAMAGED = "damaged.csv"  # an input of which not everything can be read
NAMES = ("orders", "sensor", "stock", "trips", "bills", "visits", "rates", "tides")
NAMES += ("sales", "routes", "flows", "levels")
PLACES = ("new folder", "spring term", "north west")
MANY = 2501, 2601  # rows of the largest input: as many, or less
# Of these a thousand are complete when the process is killed: a usual size of chunks.
MOST, UNTIL_KILLED = (1251, 1301), 0.85
LONGER = b"." + b"0" * 20 + b"\n"  # end of a row that is longer than any doubled one
LOST = ("not yet", "some day", "later")


@dataclass(frozen=True)
class Call:
    """One call: the files it names, and the table that its input holds by then.

    rewritten: whether the input gets this content right before, over that of an earlier call;
    over: what the output gets right before, over what an earlier call made of it; in_place:
    whether the files that get it stay what they are, the output with the time of its last change;
    absolute: whether the paths are; may_fail: whether an error is an answer, too; room: bytes that
    a file can have; once: whether there is more room as soon as a write has failed; ended: whether
    a newline ends its last row; mortal: whether the process is killed where room ends.
    """

    source: str
    target: str
    table: Table
    rewritten: bool = False
    absolute: bool = False
    may_fail: bool = False
    room: int | None = None
    once: bool = False
    over: bytes | None = None
    ended: bool = True
    mortal: bool = False
    in_place: bool = False

    @cached_property
    def text(self) -> bytes:
        """The file of the table, of which not everything can be read where it is DAMAGED."""
        content = tables.text(self.table)
        if self.source == DAMAGED:
            return tables.damaged(content)
        return content if self.ended else content.removesuffix(b"\n")

    def __str__(self) -> str:
        return f"process_data({self.source!r}, {self.target!r})"

    @property
    def given(self) -> str:
        """What the input holds, as a beginning of a sentence."""
        new = ", which has changed since the call before" if self.rewritten else ""
        end = "" if self.ended else ", the last one without a newline at its end,"
        return f"with {tables.described(self.table)}{end} in {self.source!r}{new}"

    @property
    def names(self) -> tuple[str, str]:
        return self.source, self.target

    @property
    def told(self) -> dict:
        names = ("source", "target", "absolute", "may_fail", "room", "once", "mortal")
        return {name: getattr(self, name) for name in names}


class Older(NamedTuple):
    """A call over an older output.

    kind: what the output holds already, in words; first: what the call makes where nothing was;
    before: what it holds.
    """

    kind: str
    call: Call
    first: bytes
    before: bytes


def plain(table: Table) -> Call:
    """The call as the exercise shows it."""
    return Call(INPUT, "output.csv", table)


def of_every_size(first: Table, draw: Random) -> list[Call]:
    """Calls on tables of every size and kind, the plainest one first.

    The last one has the first one's input, with other content.
    """
    one, two, three, four = draw.sample(NAMES, 4)
    folder, header = draw.choice(PLACES), first[0]

    names = [*tables.columns(draw, draw.randrange(11, 16)), *tables.AS_THEY_ARE]
    wide = tables.with_gaps(tables.drawn(names, draw.randrange(9, 20), draw, KINDS))
    narrow = tables.drawn(tables.columns(draw, 1), draw.randrange(21, 40), draw, KINDS[1:])
    more = [name for name in tables.columns(draw, 16) if name not in header][: len(tables.AT_ENDS)]
    single = tables.drawn([*header, *more], 1, draw, [*KINDS[3:], *tables.AT_ENDS])
    return [
        plain(tables.with_near_values(first, draw)),
        Call(f"{folder}/{one} 1.csv", f"{folder}/{one} 2.csv", wide, absolute=True),
        Call(f"{two}.csv", f"{two}-2.csv", narrow, ended=False),
        Call(f"{three}.csv", f"{three}-2.csv", [header], may_fail=True),  # nothing to double
        Call(INPUT, f"{four}.csv", single, rewritten=True),
    ]


def many_rows(name: str, draw: Random) -> Table:
    """As many rows as any table has, of one column of this name."""
    return tables.drawn([name], draw.randrange(*MANY), draw)


def on_many_rows(draw: Random) -> Call:
    """A call on as many rows as any has."""
    table = tables.drawn(tables.columns(draw, 1), draw.randrange(*MANY), draw, KINDS[1:])
    return Call("many.csv", "many-2.csv", table, may_fail=True)


def over_older(planned: list[Call], made: list[bytes | None], draw: Random) -> list[Older]:
    """The calls of every size once more, over outputs that hold something else; made: what each has
    made where nothing was. In the place of one that has made nothing is the plainest."""
    plain, wide, _, bare, single = (
        (call, output) if output is not None else (planned[0], made[0])
        for call, output in zip(planned, made, strict=True)
    )
    first, header, names = plain[1], plain[0].table[0], draw.sample(NAMES, 10)
    other = next(name for name in tables.columns(draw, 16) if name not in header)
    fewer, others = draw.randrange(2, 9), tables.drawn(header, draw.randrange(40, 80), draw)
    files = {  # in the place of the plainest one's
        "with its columns in another order": older.with_columns_reversed(first),
        "with its names in another order above its rows": older.with_names_reversed(first),
        "with its columns and one more": older.with_one_more(first, other, draw),
        "that is empty": b"",
        # Its size, its columns and what they add up to are those of the right one.
        "with two of its rows in each other's place": older.with_two_rows_swapped(first),
        "with nothing but its first rows": older.beginning(first),
        "that was torn in its last row": older.without_its_last_value(first),
    }
    kinds = {
        **{kind: (plain, before) for kind, before in files.items()},
        "with its rows and others": (bare, older.with_others_between(bare[1], others)),
        "with a number where it has none": (wide, older.with_a_gap_filled(wide[1])),
        "of other columns, to which an append was torn": (
            single,
            older.torn(tables.drawn([other, header[0]], fewer, draw), single[1]),
        ),
    }
    return [
        _over(f"an older output {kind}", one, output, f"{name}.csv", before)
        for name, (kind, ((one, output), before)) in zip(names, kinds.items(), strict=True)
    ]


def over_spoilt(call: Call, first: bytes, draw: Random) -> Older:
    """The call over an output of its own that was spoilt: of the same size, it has two values of
    its last column in each other's place."""
    other = older.with_near_values_swapped(first, draw)
    own = "an output of its own that was spoilt since"
    kind, call, first, before = _over(own, call, first, call.target, other)
    return Older(kind, replace(call, over=before, in_place=True), first, before)


def _over(kind: str, call: Call, first: bytes, target: str, before: bytes) -> Older:
    """before is never the right one, as where all rows of that are alike."""
    plainest = call.source == INPUT and not call.rewritten
    source = INPUT if plainest else call.target.rpartition("/")[2].replace(".csv", " in.csv")
    call = replace(call, source=source, target=target, rewritten=False)
    return Older(kind, call, first, b"0\n" + first if before == first else before)


def on_changed_input(call: Call, draw: Random) -> Call:
    """The call over its own output, when its input has changed in place, and kept its size."""
    fresh = older.with_two_values_swapped(call.table, draw)
    return replace(call, table=fresh, rewritten=True, in_place=True)


def with_folders(table: Table, target: str, draw: Random) -> Call:
    """A call whose working folder, input and output are apart; target: the folder of the output.

    It may raise, as where its unfinished file lies elsewhere: that is no litter.
    """
    source = draw.choice([place for place in PLACES if place != target])
    return Call(f"{source}/input.csv", f"{target}/output.csv", table, may_fail=True)


def folders(call: Call) -> list[str]:
    """Those of its input and its output."""
    return [name.rpartition("/")[0] for name in call.names]


def with_a_failure(
    call: Call, length: int, draw: Random, killed: Call, remains: list[str]
) -> list[tuple[str, Call]]:
    """What goes wrong, and the call in which it does, with the table of this one; length: bytes of
    a complete output.

    The first is over an output that is there since another call. The second is one that was killed
    once more, where these files lie that it had left: who takes them for complete writes nothing
    that could fail.
    """
    _, target = folders(call)
    name = draw.choice(NAMES)
    half, some = length // 2, draw.randrange(killed.room // 5, killed.room)
    again = replace(killed, rewritten=True, over=b"", may_fail=True, mortal=False)
    left = f", where a killed run had left {remains[0]!r}" if remains else ""
    return [
        (f"with the disk full after {half} bytes", replace(call, rewritten=True, room=half)),
        (
            f"when a write fails once, after {some} bytes{left}",
            replace(again, room=some, once=True),
        ),
        (
            "when two thirds of the input can be read and the next row is damaged",
            replace(call, source=DAMAGED, target=f"{target}/{name}.csv"),
        ),
    ]


def over_an_older(call: Call, rows: Table, draw: Random) -> Call:
    """A call with the files of this one, by absolute paths, on as many rows as any has, these with
    one more column, and with what else tables may have."""
    table = tables.with_digits(rows, "Größe", draw)
    return replace(call, table=tables.with_others_late(table, draw), absolute=True)


def before_a_crash(call: Call, failing: list[Call]) -> dict[str, bytes]:
    """What the outputs of these calls hold: as many lines as the new one of the first, longer ones,
    and more lines than those, so that what is left of them below is seen."""
    header, *rows = failing[-1].table
    reverse = tables.text(call.table[:1]) + tables.text(call.table[:0:-1]).replace(b"\n", LONGER)
    return {call.target: reverse, failing[-1].target: tables.text([header, *rows, *rows])}


def grown(call: Call, output: bytes) -> float:
    """How much longer the first column of the output is than that of the call's input, or of a
    usual output if that is less."""
    files = (output, tables.doubled(call.table), call.text)
    columns = (
        [line.split(b",", 1)[0].strip() for line in tables.lines_of(one)[0]] for one in files
    )
    made, usual, given = (sum(map(len, column)) + len(column) for column in columns)
    return min(made, usual) / given


def where_nothing_is(call: Call, rows: Table, grown: float, draw: Random) -> tuple[Call, Call]:
    """A call on the first of these rows, which is killed when most is written, and one after that,
    on a small input; the output is not there, by a name that no trial of an answer has written to.
    grown: how much longer than its input it gets; that is in the folder of this call's, and the
    output in none.

    What the killed one has left may be reason enough for the next to raise.
    """
    names = f"{folders(call)[0]}/figures.csv", f"{draw.choice(NAMES)}-3.csv"
    whole = Call(*names, rows[: draw.randrange(*MOST)], mortal=True)
    killed = replace(whole, room=max(5, round(grown * len(whole.text) * UNTIL_KILLED)))
    small = tables.drawn(rows[0], 3, draw)
    return killed, Call(*names, small, rewritten=True, may_fail=True)


def without_a_folder(table: Table, draw: Random) -> Call:
    """A call whose output has a folder that is not there: an answer may make it, or raise."""
    return Call("figures.csv", f"{draw.choice(LOST)}/sums.csv", table, may_fail=True)
