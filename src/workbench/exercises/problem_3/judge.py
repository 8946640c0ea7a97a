"""Problem 3, an idempotent `process_data`: it is called in processes of its own, and the files are compared here."""

import contextlib
import csv
import hashlib
import io
import math
import random

from workbench.exercises.report import CRITERIA, THOUGHTS, Verdict
from workbench.sandbox.job import Job, Limits, Observations

PROBE = "workbench.exercises.problem_3.probe"
PRELOAD = (PROBE, "pandas")
LIMITS = Limits(wall=8, cpu=5)
# What the text has to name, all of it: what idempotency is, and why it matters; and the next thought.
EXPLAINED = (
    ("idempotent_what", "idempotent_why"),
    "What is the output after a second run, and when would you be glad of that?",
)
FOLDER, INPUT, OUTPUT, GAPS, OVER_GAPS = (
    "data",
    "data/input.csv",
    "data/output.csv",
    "data/gaps.csv",
    "data/filled.csv",
)
CALL = "process_data('input.csv', 'output.csv')"
WORDS = ("price", "weight", "height", "sales", "cost", "speed", "volume", "score")
Table = list[list[str]]


class Stopped(Exception):
    """The worker ended the answer; the job knows why."""


class Examination:
    """One submission: its folder, what its calls did to it, and the verdicts so far."""

    def __init__(self, job: Job, seed: int):
        self.job, self.draw, self.verdicts = job, random.Random(seed), {}
        self.columns = self.draw.sample(WORDS, 3)
        self.spoilt, self.litter = "", set()

    def run(
        self, stage: str, table: Table, before: bytes | None, calls: int = 1, **options
    ) -> Observations:
        """Call the function on this input, with this content in the output; look after the rest of the folder."""
        inputs = {INPUT: _csv(table)}
        pairs = [(INPUT, OUTPUT)] * calls
        if stage == "doubles":
            inputs[GAPS], pairs = _csv(_with_gaps(table)), [(INPUT, OUTPUT), (GAPS, OVER_GAPS)]
        for name in (GAPS, OVER_GAPS, OUTPUT):
            self.job.remove(name)
        for name, content in (inputs if before is None else inputs | {OUTPUT: before}).items():
            self.job.write(name, content)
        seen = self.job.step(stage, {"calls": pairs}, **options)
        if seen.stopped:
            raise Stopped
        for name, content in inputs.items():
            now = self.job.read(name)
            if now != content and not self.spoilt:
                did = "removed" if now is None else "changed"
                self.spoilt = (
                    f"{CALL} {did} its input: {len(content)} bytes before, {len(now or b'')} after."
                )
        self.litter |= {f"data/{name}" for name in self.job.names(FOLDER)} - {
            *inputs,
            OUTPUT,
            OVER_GAPS,
        }
        return seen

    def decide(self, criterion: str, wrong: str) -> None:
        said = f"{wrong[:1].upper()}{wrong[1:]} {THOUGHTS['problem_3'][criterion]}"
        self.verdicts[criterion] = Verdict("failed", said) if wrong else Verdict("passed")

    def examine(self) -> None:
        table = self.table(20)
        seen = self.run("doubles", table, None)
        first = self.job.read(OUTPUT)
        if first is None or not seen.first("returned"):
            self.verdicts = _unable(seen)
            return
        wrong = _difference(first, table)
        if not wrong:
            wrong = _raised(seen) or _difference(self.job.read(OVER_GAPS), _with_gaps(table))
            wrong = wrong and f"with missing values in the input: {wrong}"
        self.decide("doubles", wrong)
        seen = self.run("idempotent", table, first, calls=2)
        wrong = _raised(seen) or _changed(
            first, self.job.read(OUTPUT), "after three runs", "after one"
        )
        self.decide("idempotent", wrong)
        seen = self.run("replaces", table, _csv(_doubled(self.table(60))))
        wrong = _raised(seen) or _changed(
            first, self.job.read(OUTPUT), "over an older output", "without one"
        )
        self.decide("replaces", wrong)
        self.decide("input_untouched", self.spoilt)
        left = ", ".join(repr(name.removeprefix("data/")) for name in sorted(self.litter))
        self.decide("no_litter", f"{CALL} left {left} beside the output." if left else "")
        wrong = self.crash(self.table(1200), _csv(_doubled(self.table(1200))))
        if wrong is None:
            self.verdicts["crash_safe"] = Verdict(
                "not_reached", "This kernel cannot show the single steps of a writer."
            )
        else:
            self.decide("crash_safe", wrong)

    def crash(self, table: Table, previous: bytes) -> str | None:
        """Look at the output at every instant at which its writer could be killed, then let the disk be full."""
        for before in (
            previous,
            None,
        ):  # without an older output only if the answer keeps that one for ever
            seen = self.run("crash_safe", table, before, watch=OUTPUT, apart=FOLDER)
            if not seen.states:
                return None
            complete = self.job.read(OUTPUT)
            if not {_digest(before), _digest(complete)}.issuperset(seen.states):
                left = "no output" if before and None in seen.states else "part of an output"
                expected = "the older one, complete" if before else "none, or all of it"
                return f"killed while it was writing, {CALL} would have left {left}; expected {expected}."
            if complete != before:
                break
        room = len(complete or b"") // 2
        self.run("crash_safe", table, previous, file_size=room)
        if self.job.read(OUTPUT) not in (previous, complete):
            return f"with the disk full after {room} bytes, {CALL} left neither the older output nor the new one."
        return ""

    def table(self, rows: int) -> Table:
        """Numbers as text: whole ones, and two kinds with decimals."""
        draw = self.draw
        body = [
            [
                str(draw.randrange(-999, 1000)),
                f"{draw.uniform(-50, 50):.2f}",
                f"{draw.uniform(0, 9):.3f}",
            ]
            for _ in range(rows)
        ]
        return [self.columns, *body]


def judge(job: Job, seed: int) -> dict[str, Verdict]:
    """Decide every criterion but the prose; a stopped answer leaves the later ones out."""
    examination = Examination(job, seed)
    with contextlib.suppress(Stopped):
        examination.examine()
    return examination.verdicts


def _unable(seen: Observations) -> dict[str, Verdict]:
    """The verdicts for an answer that cannot be loaded, or whose call makes no file."""
    wrong, thought = _raised(seen), "Call it yourself in a cell above, with a small file."
    if seen.error and not seen.first("loaded"):
        wrong = wrong.replace(CALL, "Loading the answer", 1).replace(
            "it to return", "the function process_data"
        )
        thought = "Does the cell define it, and import what it uses itself?"
    elif not seen.error or seen.first("returned"):
        wrong, thought = (
            f"{CALL} returned and there was no output.csv.",
            "Where does the result go?",
        )
    names = [name for name, *_ in CRITERIA["problem_3"] if name != "explained"]
    rest = dict.fromkeys(names, Verdict("failed", "It could not be tried."))
    return rest | {"doubles": Verdict("failed", f"{wrong} {thought}")}


def _raised(seen: Observations) -> str:
    if not seen.error:
        return ""
    line = f" in line {seen.error['line']}" if seen.error.get("line") else ""
    return f"{CALL} raised {seen.error.get('type')}: {seen.error.get('text')}{line}; expected it to return."


def _with_gaps(table: Table) -> Table:
    """The same with two missing values."""
    rows = [list(row) for row in table]
    rows[4][0] = rows[7][2] = ""
    return rows


def _doubled(table: Table) -> Table:
    return [table[0], *([str(round(float(cell) * 2, 3)) for cell in row] for row in table[1:])]


def _csv(table: Table) -> bytes:
    return "".join(",".join(row) + "\n" for row in table).encode()


def _digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()


def _difference(output: bytes | None, table: Table) -> str:
    """The first place where the output is not the table times two; empty when it is."""
    if output is None:
        return f"{CALL} left no output."
    try:
        rows = [
            row for row in csv.reader(io.StringIO(output.decode("utf-8-sig"), newline="")) if row
        ]
    except (UnicodeDecodeError, csv.Error) as error:
        return f"the output is not a CSV file: {error}."
    header, body = (rows[0], rows[1:]) if rows else ([], [])
    if header != table[0]:
        return f"{CALL} wrote the header {header}; expected {table[0]}."
    if header in body:
        return f"{CALL} wrote the header more than once."
    if len(body) != len(table) - 1:
        return f"{CALL} wrote {len(body)} rows; expected one for each of the {len(table) - 1} of the input."
    for number, (row, given) in enumerate(zip(body, table[1:], strict=True), 1):
        if len(row) != len(given):
            return f"{CALL} wrote {len(row)} values in row {number}; expected {len(given)}."
        for name, found, cell in zip(header, row, given, strict=True):
            if not _is_double(found, cell):
                expected = f"{float(cell) * 2:g}" if cell else "nothing"
                place = f"{name} {cell or '(empty)'} in row {number}"
                return f"{CALL} made {found or 'nothing'} of {place}; expected {expected}."
    return ""


def _is_double(found: str, cell: str) -> bool:
    if not cell:
        return found.strip().lower() in ("", "nan", "na", "null", "none")
    try:
        return math.isclose(float(found), float(cell) * 2, rel_tol=1e-9, abs_tol=1e-9)
    except ValueError:
        return False


def _changed(fresh: bytes, now: bytes | None, when: str, otherwise: str) -> str:
    if now == fresh:
        return ""
    if now is None:
        return f"{CALL}: there is no output {when}; expected the same as {otherwise}."
    lines, expected = (content.count(b"\n") for content in (now, fresh))
    detail = (
        "the same number of lines, but other bytes"
        if lines == expected
        else f"{lines} lines instead of {expected}"
    )
    return f"{CALL}: {when} the output has {detail}; expected the same as {otherwise}."
