"""Problem 3, an idempotent `process_data`: called in processes apart; files are compared here."""

import contextlib
import random

from workbench.exercises.answers import Answer
from workbench.exercises.explanation import explained
from workbench.exercises.problem_3 import calls, tables
from workbench.exercises.problem_3.calls import DAMAGED, FOLDER, Call, Older
from workbench.exercises.problem_3.files import Files, half_done
from workbench.exercises.problem_3.tables import Table
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import (
    FAILED,
    NOT_REACHED,
    PASSED,
    Stopped,
    Verdict,
    Verdicts,
    from_elsewhere,
    raised,
    sentence,
)
from workbench.sandbox.job import Job, Observations

OUTPUT = f"{FOLDER}/output.csv"
ROWS = 20
# These take more than one write; the older are more: what is left of them below is seen.
ROWS_BEFORE_A_CRASH, ROWS_OF_A_CRASH = 900, 700
LOST = (
    "returned, with no such folder, and left no output; expected the output, or an error. "
    "How would somebody notice that nothing was written?"
)
NO_FILE = (
    "made its output a link, a folder or a pipe; expected a file of its own. "
    "What would somebody get who copies only that?"
)
LEFT = (
    "{} did not come back: the process had ended. An answer returns or raises; which line of "
    "yours ends more than the call?"
)
UNFINISHED = "What becomes of an unfinished file when an error comes before its end?"
MOST_NAMES = 5  # that are told of what was left


def judge(exercise: Exercise, answer: Answer, seed: int, job: Job | None) -> dict[str, Verdict]:
    """Decide every criterion; a stopped answer leaves the later ones out."""
    verdicts = Verdicts(exercise.thoughts)
    if answer.code is not None and not answer.code.strip():
        empty = f"There is no code yet in the cell `%%answer {exercise.name}`."
        verdicts["doubles"] = Verdict(FAILED, empty)
    elif job:
        with contextlib.suppress(Stopped):
            Examination(job, seed, verdicts).examine()
    return verdicts | explained(exercise, answer)


class Examination:
    """One submission: its folder, what its calls did to it, and the verdicts so far."""

    def __init__(self, job: Job, seed: int, verdicts: Verdicts):
        self.job, self.verdicts, self.files = job, verdicts, Files(job)
        self.draw = random.Random(seed)
        self.columns = tables.columns(self.draw)
        self.spoilt = self.litter = ""

    def examine(self) -> None:
        """Decide the criteria, in order; raise Stopped when the answer is."""
        planned = calls.of_every_size(self.table(ROWS), self.draw)
        call = planned[0]
        lost = calls.without_a_folder(call.table, self.draw)
        observed = self.run("doubles", [*planned, lost])
        first = self.read(call)
        if first is None or not observed.first("returned"):
            self.verdicts["doubles"] = Verdict(FAILED, self.unable(call, observed))
            return
        wrong = self.not_doubled(planned, observed)
        # What was said beyond that of the calls before, the answer may have said itself.
        if not wrong and True in returns(observed)[len(planned) :]:
            wrong = f"{lost} {LOST}" if self.read(lost) is None else self.difference(lost)
        self.decide("doubles", wrong)
        self.run_again(call, first, planned[1].target.rpartition("/")[0])
        self.decide("input_untouched", self.spoilt)
        self.decide("no_litter", self.litter)
        share = len(first) / len(tables.text(call.table))  # of an output, of its input
        self.look_at_crashes(calls.plain(self.table(ROWS_OF_A_CRASH)), share)

    def table(self, rows: int) -> Table:
        return tables.drawn(self.columns, rows, self.draw)

    def decide(self, criterion: str, wrong: str) -> None:
        self.verdicts.decide(criterion, sentence(wrong))

    def read(self, call: Call) -> bytes | None:
        return self.files.read(call.target)

    def run(
        self, stage: str, planned: list[Call], before: dict[str, bytes] | None = None, **options
    ) -> Observations:
        """Let the calls happen in one process, with this content in their outputs.

        A cell may try its function below it, on files of its own or on these: they are put there
        anew when it has been loaded. Afterwards look after the rest of the folder. Raise Stopped
        when the answer was.
        """
        self.files.lay_out(planned, {})
        begun = []

        def begin(_: dict) -> dict:
            if not begun:
                self.files.note_brought()
                self.files.lay_out(planned, before or {})
            begun.append(True)
            return {}

        given = {"folder": FOLDER, "calls": [call.told for call in planned]}
        observed = self.job.step(stage, given, begin, **options)
        if observed.stopped:
            raise Stopped
        self.look_after(planned, observed)
        made = len(returns(observed))
        if observed.first("callable") and not observed.error and made < len(planned):
            self.decide(stage, LEFT.format(planned[made]))
            raise Stopped
        return observed

    def look_after(self, planned: list[Call], observed: Observations) -> None:
        """Note the first input that was changed, and what lies beside the outputs."""
        made = planned[: len(returns(observed)) + 1]
        for name, call in {call.source: call for call in made if call.source != DAMAGED}.items():
            content, after = call.text, self.files.read(name)
            if after != content and not self.spoilt:
                did = "removed" if after is None else "changed"
                sizes = f"{len(content)} bytes before, {len(after or b'')} after"
                self.spoilt = f"{call} {did} its input: {sizes}."
        left = self.files.left()
        shown = [name for name in left if "output" in name] or left
        if observed.error or False in returns(observed):
            # What a call that raised has left is no litter of its work; others leave theirs anew.
            came_back = zip(planned, returns(observed), strict=False)
            own = ("output", *(call.source for call, returned in came_back if returned))
            shown = [name for name in shown if any(part in name for part in own)]
            for name in left:
                self.files.remove(name)
        if shown and not self.litter:
            names = ", ".join(map(repr, shown[:MOST_NAMES]))
            self.litter = f"{planned[0]} left {names} beside its output."

    def not_doubled(self, planned: list[Call], observed: Observations) -> str:
        """What is wrong with the outputs of calls on tables of every size."""
        returned = returns(observed)
        for call, came_back in zip(planned, returned, strict=False):
            raised_well = came_back is False and call.may_fail
            if not raised_well and (wrong := self.difference(call)):
                return wrong
        if observed.error:
            number = min(len(returned), len(planned) - 1)
            call = planned[number]
            return f"{call.given}, {call} {self.broken(number, call, observed)}."
        return ""

    def difference(self, call: Call) -> str:
        """How the output of a call differs from its input times two."""
        output = self.read(call)
        if output is None:
            blank = " (mind the blank in its name)" if " " in call.target else ""
            return f"{call.given}, {call} left no output{blank}. Where did the result go?"
        wrong = tables.difference(output, call.table)
        return f"{call.given}, {call} {wrong}." if wrong else ""

    def broken(self, number: int, call: Call, observed: Observations) -> str:
        """What kept the call of this number from returning, or its output from being there."""
        if number >= len(returns(observed)) and observed.error:
            return f"raised {raised(observed.error)}; expected it to return"
        return "left no output" if self.read(call) is None else ""

    def run_again(self, call: Call, first: bytes, folder: str) -> None:
        """Over its own output, and in another process over others: what each leaves is looked at
        before a later call could tidy it up."""
        older = calls.over_older(call.table, self.draw)
        spoilt = calls.over_spoilt(call.table, folder, self.draw)
        changed = calls.on_changed_input(call.table, self.draw)
        others = [*(call for _, call, _ in older), *spoilt, *changed]
        before = {call.target: content for _, call, content in older}
        own = "an output of its own that was spoilt since"
        spoilt = [("", spoilt[0], b""), (own, spoilt[1], (spoilt[1].over or "").encode())]
        observed = self.run("idempotent", [call, call], {call.target: first})
        wrong = self.broken(1, call, observed) or tables.changed(first, self.read(call), first)
        self.decide("idempotent", wrong and f"{call}, run again on its own output, {wrong}.")
        if len(returns(observed)) > 1:
            observed = self.run("replaces", others, before)
            self.decide(
                "replaces", self.not_replaced([*older, *spoilt], changed[-1], first, observed)
            )

    def not_replaced(
        self, older: list[Older], changed: Call, first: bytes, observed: Observations
    ) -> str:
        """What is left of an older output; the outputs are those of the first calls."""
        for number, (kind, call, before) in enumerate(older):
            wrong = self.broken(number, call, observed)
            wrong = wrong or (kind and tables.changed(first, self.read(call) or b"", before))
            if wrong:
                return f"over {kind}, {call} {wrong}." if kind else f"{call} {wrong}."
        if wrong := self.broken(number + 2, changed, observed):
            return f"{changed.given}, {changed} {wrong}."
        return self.difference(changed) if self.passed("doubles") else ""

    def passed(self, *criteria: str) -> bool:
        return all(
            name in self.verdicts and self.verdicts[name].outcome == PASSED for name in criteria
        )

    def look_at_crashes(self, call: Call, share: float) -> None:
        """Whether there is a complete output wherever the call is killed or goes wrong.

        share: how much longer an output is than its input, which says where its half is.
        """
        previous = tables.text(self.table(ROWS_BEFORE_A_CRASH))
        length = max(10, round(share * len(call.text)))
        failures = calls.with_a_failure(call, length, self.draw)
        planned = [call, *(failing for _, failing in failures)]
        # Without an older output only if the answer keeps that one for ever.
        for before in (previous, None):
            kept = {one.target: previous for one in planned if before or one is not call}
            observed = self.run("crash_safe", planned, kept, watch=OUTPUT, apart=FOLDER)
            complete = self.read(call)
            wrong = half_done(call, before, complete, observed)
            if wrong or complete != before:
                break
        wrong = wrong or self.not_worked(call, before, complete)
        self.decide("crash_safe", wrong or self.left_by_failures(failures, previous, complete))
        if not observed.states:
            blind = "This kernel cannot show the single steps of a writer."
            self.verdicts["crash_safe"] = Verdict(NOT_REACHED, blind)

    def not_worked(self, call: Call, before: bytes | None, complete: bytes | None) -> str:
        """Why nothing can be said of a crash: what was to be written was not.

        An answer whose output is wrong in any case has at least to write about as much.
        """
        if complete is None or complete == before:
            return f"{call.given}, {call} wrote no output; so there was no write to interrupt."
        if self.passed("doubles", "idempotent", "replaces"):
            return self.difference(call)
        few = complete.count(b"\n") < len(call.table) // 2
        return f"{call.given}, {call} wrote hardly anything that a crash could spoil." * few

    def left_by_failures(
        self, failures: list[tuple[str, Call]], previous: bytes, complete: bytes
    ) -> str:
        """What an error in the middle of the work leaves in place of a complete output."""
        for how, call in failures:
            output = self.read(call)
            whole = (output or b"").count(b"\n") >= len(call.table) - 1
            if output not in (previous, complete) and not (call.source == DAMAGED and whole):
                left = "no output" if output is None else "part of an output"
                return f"{how}, {call} left {left}; expected the older one, complete. {UNFINISHED}"
        return ""

    def unable(self, call: Call, observed: Observations) -> str:
        """Why nothing could be tried: the answer cannot be loaded, or its call makes no file."""
        if not observed.first("loaded") and observed.error:
            return f"Loading the answer raised {raised(observed.error)}. {_advice(observed)}"
        if not observed.first("callable"):
            names = ", ".join(observed.texts("names"))
            others = f"; it defines {names}" if names else ""
            return f"The answer cell does not define the function process_data{others}."
        if observed.error:
            return f"{call} raised {raised(observed.error)}. {_advice(observed)}"
        if call.target in self.job.names(FOLDER):
            return f"{call} {NO_FILE}"
        return f"{call} returned and left no {call.target!r}. Where does the result go?"


def returns(observed: Observations) -> list:
    """Whether each call that came to an end returned; those that may have raised did not."""
    return [value["returned"] for value in observed.values if "returned" in value]


def _advice(observed: Observations) -> str:
    trial = "Call it yourself in a cell below, with a small file: does it raise the same?"
    if observed.error.get("type") in ("SyntaxError", "IndentationError"):
        return "What does that line, or the one before it, leave open?"
    return from_elsewhere(raised(observed.error)) or trial
