"""Problem 3, an idempotent `process_data`: called in processes apart; files are compared here."""

import contextlib
import random
from collections.abc import Sequence

from workbench.exercises.answers import Answer
from workbench.exercises.explanation import explained
from workbench.exercises.problem_3 import calls, crashes, tables
from workbench.exercises.problem_3.calls import FOLDER, Call
from workbench.exercises.problem_3.compared import (
    difference,
    not_by_another_process,
    not_by_its_input,
    not_doubled,
    not_replaced,
    not_the_same,
)
from workbench.exercises.problem_3.crashes import Crashes
from workbench.exercises.problem_3.failures import (
    after_a_kill,
    did_raise,
    half_done,
    is_elsewhere,
    left_by_failures,
    raised_by,
    torn_by_a_kill,
    unheard,
    until,
    until_it_is_emptied,
)
from workbench.exercises.problem_3.files import Files
from workbench.exercises.problem_3.looks import Looks
from workbench.exercises.problem_3.tables import Table
from workbench.exercises.problem_3.untried import untried
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import (
    FAILED,
    NOT_REACHED,
    PASSED,
    Stopped,
    Verdict,
    Verdicts,
    raised,
    sentence,
)
from workbench.sandbox.job import Job, Observations
from workbench.sandbox.moments import digest

BLIND = "This kernel cannot show the single steps of a writer."
ROWS = 20
ROWS_OF_A_CRASH = 700  # which take more than one write
LOST = (
    "returned, with no such folder, and left no output; expected the output, or an error. "
    "How would somebody notice that nothing was written? An exit with 0 is no error."
)
LEFT = (
    "{} did not come back: the process had ended. An answer returns or raises; which line of "
    "yours ends more than the call?"
)


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
        observed, looks = self.run({"doubles": planned}, kept=True)
        self.go_on(observed, looks)
        first = looks.output(0)
        if first is None or not looks.ended(0):
            seen = self.job.names(FOLDER), self.files.read(call.target)
            self.verdicts["doubles"] = Verdict(FAILED, untried(call, observed, *seen))
            return
        wrong = not_doubled(planned, observed, looks)
        self.decide("doubles", wrong or looks.meddled)
        folder = planned[1].target.rpartition("/")[0]  # is there by now
        crash = calls.with_folders(self.table(ROWS_OF_A_CRASH), folder, self.draw)
        # As much longer than its input as the first one is, but for blank lines at its end.
        made = min(len(first), len(tables.doubled(call.table)))
        length = max(10, round(made / len(call.text) * len(crash.text)))
        rows = calls.many_rows(self.columns[0], self.draw)
        killed, fresh = calls.where_nothing_is(crash, rows, calls.grown(call, first), self.draw)
        remains = self.run_again(planned, looks.made, killed)
        torn = self.passed("doubles") and torn_by_a_kill(killed, self.files.read(killed.target))
        self.decide_beside()
        lost = calls.without_a_folder(call.table, self.draw)
        # Else the largest table of all, over an older output, tells of this, too.
        many = [] if self.passed("idempotent", "replaces") else [calls.on_many_rows(self.draw)]
        without = fresh, *many, lost
        left, own = (killed, remains, torn or ""), (call, first)
        self.look_at_crashes(crashes.planned(crash, length, rows, without, left, own, self.draw))
        self.decide_beside()  # once more, by calls that went wrong, too

    def table(self, rows: int) -> Table:
        return tables.drawn(self.columns, rows, self.draw)

    def decide_beside(self) -> None:
        self.decide("input_untouched", self.spoilt)
        self.decide("no_litter", self.litter)

    def decide(self, criterion: str, wrong: str) -> None:
        self.verdicts.decide(criterion, sentence(wrong))

    def run(
        self,
        tried: dict[str, list[Call]],
        before: dict[str, bytes] | None = None,
        killed: Call | None = None,
        remains: list[str] | tuple = (),
        **options,
    ) -> tuple[Observations, Looks]:
        """Let the calls that try these criteria happen in one process, with this content in their
        outputs, and look at the files after each; then the one that is to be killed.

        A cell may try its function below it, on files of its own or on these: they are put there
        anew when it has been loaded.
        """
        looks = Looks(self.files, tried, killed, remains)
        looks.lay_out({})

        def begin(_: dict) -> dict:
            looks.begin(before or {})
            return {}

        given = {"folder": FOLDER, "calls": looks.told, "kept": "kept" in options}
        observed = self.job.step(looks.stages[0], given, begin, looks.look, **options)
        if not observed.stopped:
            self.spoilt, self.litter = self.spoilt or looks.spoilt, self.litter or looks.litter
        return observed, looks

    def go_on(self, observed: Observations, looks: Looks) -> None:
        """Raise Stopped when the answer was, or has not come to where its process could end."""
        if observed.stopped:
            raise Stopped
        stage, call = looks.missing or ("", None)
        if call and call.may_fail and observed.error:  # which an error of its own does not end
            self.decide(stage, f"{call} did not come back: {raised(observed.error)}.")
            raise Stopped
        if call and (call.may_fail or (observed.first("callable") and not observed.error)):
            self.decide(stage, LEFT.format(call))
            raise Stopped

    def run_again(self, planned: list[Call], made: list[bytes | None], killed: Call) -> list[str]:
        """Over its own output, then over others; what is left by the call that is killed at the end
        of the process."""
        call, first = planned[0], made[0]
        older = [calls.over_spoilt(call, first, self.draw)]
        older += calls.over_older(planned, made, self.draw)
        changed = calls.on_changed_input(call, self.draw)
        tried = {"idempotent": [call, call], "replaces": [*(one.call for one in older), changed]}
        before = {one.call.target: one.before for one in older} | {call.target: first}
        observed, looks = self.run(tried, before, killed, kept=True)
        if looks.ended(1) or observed.error:
            self.decide("idempotent", not_the_same(call, first, observed, looks))
        self.go_on(observed, looks)
        if looks.ended(1):
            wrong = not_replaced(older, observed, looks)
            wrong = wrong or not_by_its_input(changed, observed, looks, self.passed("doubles"))
            self.decide("replaces", wrong or looks.meddled)
        return looks.remains()

    def passed(self, *criteria: str) -> bool:
        return all(
            name in self.verdicts and self.verdicts[name].outcome == PASSED for name in criteria
        )

    def look_at_crashes(self, plan: Crashes) -> None:
        """Whether there is a complete output, or none yet, wherever a call is killed or goes
        wrong, and one after a kill."""
        watched = plan.watched
        options = {"remains": plan.remains, "watch": watched, "apart": plan.apart}
        observed, looks = self.run(plan.tried, plan.kept, **options)
        self.go_on(observed, looks)
        errors = raised_by(observed, looks)
        self.decide_again(plan, looks, errors)
        states = [observed.states.get(name, ()) for name in watched]
        self.decide("crash_safe", self.not_safe(plan, states, errors, looks))
        self.decide_by_many(plan, looks, errors)
        self.decide_heard(plan, looks)
        if set(states[2]) - {digest(plan.call.text), digest(plan.failing[0].text)}:
            torn = f"killed while it was writing, {plan.call} would have left its input changed."
            self.spoilt = self.spoilt or torn
        if not any(states):
            self.verdicts["crash_safe"] = Verdict(NOT_REACHED, BLIND)

    def not_safe(
        self, plan: Crashes, states: list[Sequence], errors: list[dict | None], looks: Looks
    ) -> str:
        """What a crash leaves that is no complete output; states: of the files that were watched;
        errors: what each call raised."""
        call, previous, complete = plan.call, plan.previous, looks.output(1)
        wrong = half_done(call, previous, complete, until(digest(complete), states[0]))
        right = self.passed("doubles", "replaces")
        if right or complete != previous:  # else the answer keeps that one for ever
            error = errors[1] if right else None
            wrong = wrong or self.not_worked(call, previous, complete, error)
        whole = [(plan.older(one), complete, looks.output(0)) for one in plan.failing]
        wrong = wrong or left_by_failures(plan.failures, looks.outputs[2:], whole, right)
        own = [one for one in states[0] if one != digest(looks.output(2))]
        wrong = wrong or half_done(call, previous, complete, own)
        own = until_it_is_emptied(digest(looks.output(0)), states[1])
        wrong = wrong or half_done(plan.fresh, None, looks.output(0), own)
        wrong = wrong or plan.torn or half_done(plan.lost, None, looks.outputs[-1], states[3])
        if looks.returned[0] or not plan.remains:
            not_right = self.not_right(plan.fresh, looks, errors[0])
            wrong = wrong or after_a_kill(plan.remains, not_right)
        return wrong

    def decide_again(self, plan: Crashes, looks: Looks, errors: list[dict | None]) -> None:
        """Whether the call changes its own output in another process than the one that made it, or
        raises there, though the one on many rows did not; but not that folders are apart there."""
        number = looks.planned.index(plan.again)
        made, error = looks.outputs[number], errors[number]
        if is_elsewhere(error or {}):
            return
        if self.passed("idempotent") and (looks.returned[number] or looks.returned[1]):
            self.decide("idempotent", not_by_another_process(plan.again, plan.made, made, error))

    def decide_by_many(self, plan: Crashes, looks: Looks, errors: list[dict | None]) -> None:
        """Whether numbers are doubled in the largest table.

        An error is an answer where folders are apart, or where no call returned since one was
        killed: something of that may lie where it is not looked for.
        """
        call = (plan.many or [plan.call])[0]
        number, again = looks.planned.index(call), looks.planned.index(plan.again)
        error = errors[number]
        if not self.passed("doubles"):
            return
        if error is None:
            self.decide("doubles", difference(call, looks.outputs[number]))
        elif not is_elsewhere(error) and any(looks.returned[one] for one in (0, 1, again)):
            self.decide("doubles", did_raise(call, error))

    def decide_heard(self, plan: Crashes, looks: Looks) -> None:
        """Whether somebody hears of an error, if numbers are doubled."""
        lost, made, wrong = plan.lost, looks.outputs[-1], ""
        if self.passed("doubles") and looks.returned[-1]:
            wrong = f"{lost} {LOST}" if made is None else difference(lost, made)
        if self.passed("doubles"):
            if not wrong and looks.output(1) != plan.previous:
                wrong = unheard(plan, looks, self.passed("replaces"))
            self.decide("doubles", wrong)

    def not_right(self, fresh: Call, looks: Looks, error: dict | None) -> str:
        """What is wrong with the first output, of this call, that was not there before."""
        made = looks.output(0)
        wrong = self.not_worked(fresh, None, made, error)
        if not wrong and self.passed("doubles", "idempotent", "replaces"):
            return difference(fresh, made)
        return wrong

    def not_worked(
        self,
        call: Call,
        before: bytes | None,
        complete: bytes | None,
        error: dict | None = None,
    ) -> str:
        """Why nothing can be said of a crash: what was to be written was not, as it raised this.

        An answer whose output is wrong in any case has at least to write about as much.
        """
        if error is not None:
            return did_raise(call, error)
        if complete is None or complete == before:
            return f"{call.given}, {call} wrote no output; so there was no write to interrupt."
        if self.passed("doubles", "idempotent", "replaces"):
            return ""
        few = tables.number_of_lines(complete) < len(call.table) // 4
        return f"{call.given}, {call} wrote hardly anything that a crash could spoil." * few
