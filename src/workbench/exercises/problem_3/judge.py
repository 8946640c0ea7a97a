"""Problem 3, an idempotent `process_data`: called in processes apart; files are compared here."""

import contextlib
import hashlib
import random

from workbench.exercises.answers import Answer
from workbench.exercises.explanation import explained
from workbench.exercises.problem_3 import tables
from workbench.exercises.problem_3.tables import CALL, Table
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import (
    FAILED,
    NOT_REACHED,
    Stopped,
    Verdict,
    Verdicts,
    raised,
    sentence,
)
from workbench.sandbox.job import Job, Observations

FOLDER = "data"
INPUT, OUTPUT = "data/input.csv", "data/output.csv"
GAPS, OVER_GAPS = "data/gaps.csv", "data/filled.csv"
LARGEST = 1 << 20  # bytes of a file that are looked at: far more than any right output has
ROWS, OTHER_ROWS, ROWS_OF_A_CRASH = 20, 60, 1200  # the last ones take more than one write


def judge(exercise: Exercise, answer: Answer, seed: int, job: Job | None) -> dict[str, Verdict]:
    """Decide every criterion; a stopped answer leaves the later ones out."""
    verdicts = Verdicts(exercise.thoughts)
    if job:
        with contextlib.suppress(Stopped):
            Examination(job, seed, verdicts).examine(exercise.of_part("code"))
    return verdicts | explained(exercise, answer)


class Examination:
    """One submission: its folder, what its calls did to it, and the verdicts so far."""

    def __init__(self, job: Job, seed: int, verdicts: Verdicts):
        self.job, self.verdicts = job, verdicts
        self.draw = random.Random(seed)
        self.columns = tables.columns(self.draw)
        self.spoilt, self.litter = "", set()

    def examine(self, criteria: tuple[str, ...]) -> None:
        """Decide the criteria, in order; raise Stopped when the answer is."""
        table = self.table(ROWS)
        observed = self.run("doubles", table, None)
        first = self.read(OUTPUT)
        if first is None or not observed.first("returned"):
            self.verdicts["doubles"] = Verdict(FAILED, _unable(observed))
            self.verdicts.fail(criteria)
            return
        wrong = tables.difference(first, table) or self.misses_gaps(observed, table)
        self.decide("doubles", wrong)
        observed = self.run("idempotent", table, first, calls=2)
        wrong = self.changed(observed, first, "after three runs", "after one")
        self.decide("idempotent", wrong)
        observed = self.run("replaces", table, tables.doubled(self.table(OTHER_ROWS)))
        wrong = self.changed(observed, first, "over an older output", "without one")
        self.decide("replaces", wrong)
        self.decide("input_untouched", self.spoilt)
        left = ", ".join(repr(name) for name in sorted(self.litter))
        self.decide("no_litter", f"{CALL} left {left} beside the output." if left else "")
        wrong = self.crash(self.table(ROWS_OF_A_CRASH), tables.doubled(self.table(ROWS_OF_A_CRASH)))
        if wrong is None:
            blind = "This kernel cannot show the single steps of a writer."
            self.verdicts["crash_safe"] = Verdict(NOT_REACHED, blind)
        else:
            self.decide("crash_safe", wrong)

    def read(self, name: str) -> bytes | None:
        return self.job.read(name, LARGEST)

    def decide(self, criterion: str, wrong: str) -> None:
        self.verdicts.decide(criterion, sentence(wrong))

    def run(
        self, stage: str, table: Table, before: bytes | None, calls: int = 1, **options
    ) -> Observations:
        """Call the function on this input, with this content in the output.

        Afterwards look after the rest of the folder. Raise Stopped when the answer was.
        """
        inputs, pairs = {INPUT: tables.text(table)}, [(INPUT, OUTPUT)] * calls
        if stage == "doubles":
            inputs[GAPS] = tables.text(tables.with_gaps(table))
            pairs.append((GAPS, OVER_GAPS))
        for name in (GAPS, OVER_GAPS, OUTPUT):
            self.job.remove(name)
        for name, content in inputs.items():
            self.job.write(name, content)
        if before is not None:
            self.job.write(OUTPUT, before)
        observed = self.job.step(stage, {"calls": pairs}, **options)
        if observed.stopped:
            raise Stopped
        self.look_after(inputs)
        return observed

    def look_after(self, inputs: dict[str, bytes]) -> None:
        """Note the first input that was changed, and what lies beside the output."""
        for name, content in inputs.items():
            after = self.read(name)
            if after != content and not self.spoilt:
                did = "removed" if after is None else "changed"
                sizes = f"{len(content)} bytes before, {len(after or b'')} after"
                self.spoilt = f"{CALL} {did} its input: {sizes}."
        expected = {name.removeprefix("data/") for name in (*inputs, OUTPUT, OVER_GAPS)}
        self.litter |= set(self.job.names(FOLDER)) - expected

    def misses_gaps(self, observed: Observations, table: Table) -> str:
        expected = tables.with_gaps(table)
        wrong = _raised(observed) or tables.difference(self.read(OVER_GAPS), expected)
        return f"with missing values in the input: {wrong}" if wrong else ""

    def changed(self, observed: Observations, fresh: bytes, when: str, otherwise: str) -> str:
        return _raised(observed) or tables.changed(fresh, self.read(OUTPUT), when, otherwise)

    def crash(self, table: Table, previous: bytes) -> str | None:
        """Look at the output whenever its writer could be killed, then let the disk be full.

        None where the kernel cannot show that.
        """
        # Without an older output only if the answer keeps that one for ever.
        for before in (previous, None):
            observed = self.run("crash_safe", table, before, watch=OUTPUT, apart=FOLDER)
            if not observed.states:
                return None
            complete = self.read(OUTPUT)
            if not {_digest(before), _digest(complete)}.issuperset(observed.states):
                left = "no output" if before and None in observed.states else "part of an output"
                expected = "the older one, complete" if before else "none, or all of it"
                killed = f"killed while it was writing, {CALL} would have left {left}"
                return f"{killed}; expected {expected}."
            if complete != before:
                break
        room = len(complete or b"") // 2
        self.run("crash_safe", table, previous, file_size=room)
        if self.read(OUTPUT) in (previous, complete):
            return ""
        full = f"with the disk full after {room} bytes"
        return f"{full}, {CALL} left neither the older output nor the new one."

    def table(self, rows: int) -> Table:
        return tables.drawn(self.columns, rows, self.draw)


def _unable(observed: Observations) -> str:
    """Why nothing could be tried: the answer cannot be loaded, or its call makes no file."""
    if not observed.error or observed.first("returned"):
        return f"{CALL} returned and there was no output.csv. Where does the result go?"
    if observed.first("loaded"):
        return f"{_raised(observed)} Call it yourself in a cell above, with a small file."
    loading = f"Loading the answer raised {raised(observed.error)}"
    expected = "expected the function process_data"
    return f"{loading}; {expected}. Does the cell define it, and import what it uses itself?"


def _raised(observed: Observations) -> str:
    if not observed.error:
        return ""
    return f"{CALL} raised {raised(observed.error)}; expected it to return."


def _digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()
