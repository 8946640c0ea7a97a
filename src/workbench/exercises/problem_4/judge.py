"""Problem 4, models trained in parallel: run on a Prefect server; which is best is decided here.

Every training asks before it begins, and waits until all three have. The predictions of all models
but one are spoilt, one of them less than the other, so that another kind is the best in each run,
once the first, once in the middle and once the last: when, the seed decides. A part of the best
one's are spoilt, too, in later runs: what its accuracy is to be there follows from the first.
"""

import random
import re
import time
from collections.abc import Iterator

from workbench.exercises.answers import Answer
from workbench.exercises.problem_4 import agreement, mistakes, thoughts
from workbench.exercises.problem_4.flow_run import KINDS, FlowRun
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import Verdict, Verdicts, raised, sentence
from workbench.sandbox.client import WorkerError
from workbench.sandbox.job import Job

ERRORS = ("RuntimeError", "ArithmeticError", "OSError", "TypeError", "IndexError")
MOST_ASKED = 100  # task runs whose records are asked for one by one
CLEAR = 0.75  # accuracy from which another label than the predicted one is mostly wrong
TAKEN = (1 / 4, 1 / 3)  # shares of the rows, one of which is spoilt in the best of several models
SIZES = (0.25, 0.3, 0.35)  # of the rows that are held out, where that is asked for
TAKEN_ALONE = (1 / 2, 2 / 3)  # the same for one that has no others beside it
# Names that are not known either, each for one that is.
MISSPELT = {"random_forest": "random_forests", "xgboost": "xgboost_2", "lightgbm": "lightgbm_plus"}
OURS = re.compile(  # in an error: the fault of the server that the judge runs, if it says so, too
    r"PrefectHTTPStatusError|ObjectNotFound|httpx\.\w+Error|ConnectError|database is locked"
)


def judge(exercise: Exercise, answer: Answer, seed: int, job: Job) -> dict[str, Verdict]:
    """Decide every criterion; a stopped answer leaves the later ones out.

    Raise WorkerError for what was no fault of the answer's.
    """
    examination = Examination(exercise, seed, answer.code)
    observed = job.step("completes", serve=examination.serve)
    if observed.error and not observed.stopped:
        raise WorkerError(f"the flow could not be observed: {raised(observed.error)}")
    if examination.fault:
        raise WorkerError(f"the judge's own Prefect server failed: {examination.fault[:300]}")
    return examination.verdicts


class Examination:
    """One submission: answers what its worker asks, plans its runs, and decides.

    fault: what the judge's own server has done wrong, if anything.
    """

    def __init__(self, exercise: Exercise, seed: int, source: str = ""):
        self.verdicts = Verdicts(exercise.thoughts)
        self.source, self.fault = source, ""
        self.draw = random.Random(seed)
        self.best_first = self.draw.random() < 1 / 2  # by default; else in the run that names them
        self.run: FlowRun | None = None
        self.chosen_by_known: FlowRun | None = None  # where only the rows trained on told the best
        self.runs = self.plan()

    def serve(self, asked: dict) -> dict:
        """Answer the probe: the next run, whether a training may go on, what to be wrong about."""
        if "next" in asked:
            run = self.run = None if self.fault else next(self.runs, None)
            return {"run": run and {"stage": run.stage, "parameters": run.parameters}}
        if self.run is None:  # no probe of ours would ask more
            return {}
        if "fit" in asked:
            return self.run.begin(asked)
        if "scored" in asked:
            return self.run.score(asked, self.run.fits[asked["scored"]])
        if "fitted" in asked:
            self.run.fits[asked["fitted"]] |= asked | {"moment": time.time()}
        else:
            self.run.reported |= asked
            return self.wanted(self.run, asked)
        return {}

    def wanted(self, run: FlowRun, asked: dict) -> dict:
        """What is to be looked at after a run: the server's records, and what lies at a path."""
        text = str(run.reported["ran"].get("raised", ""))
        if OURS.search(text) and run.reported.get("fault") is True:
            self.fault = text
        unnamed = run.unknown and run.unknown not in text
        records = run.stage == "completes" or bool(unnamed)
        file = run.reported["ran"].get("file") if run.saves else None
        tasks = sorted({fit["task_run"] for fit in run.trained if fit["task_run"]})
        told = {"records": records, "tasks": tasks[:MOST_ASKED]}
        return told | {"load": file, "scored": sorted(run.asked_trainings)}

    def decide(self, criterion: str, wrong: str, otherwise: str = "") -> None:
        thought = thoughts.on(wrong, self.source) or otherwise if wrong else ""
        self.verdicts.decide(criterion, sentence(wrong), thought)

    def plan(self) -> Iterator[FlowRun]:
        """The runs, one after the other, each with what it decides."""
        default = yield from self.defaulting()
        ran = default.reported["ran"]
        otherwise = "" if default.failed or not ran.get("line") else thoughts.NO_TASK
        self.decide("completes", mistakes.no_flow(default) or default.failure(), otherwise)
        if self.verdicts["completes"].outcome != "passed":
            return
        if default.trained:
            yield from self.beginning(default)
            self.decide("tracked", mistakes.untracked(default))
        kinds = self.draw.sample([*KINDS], 3)
        chosen = default.result.get("model_type")
        before = chosen if chosen in KINDS else default.winner
        one, two, three = sorted(kinds, key=lambda kind: kind == before)
        if two in default.helping.values():  # whose training must not be the one that fails
            one, two = two, one
        runs = yield from self.selecting(default, one, two, three)
        self.decide_selection(default, runs)
        yield from self.asking_unknown(one, two, refused=mistakes.refused(runs))
        # Who leaves out what failed, but not its name, takes a name for the next one's.
        names = [(two, one, three), (two, three, one), (three, two, one), (one, three, two)]
        models, last = {"model_types": list(self.draw.choice(names))}, runs[-1]
        taken = last.taken and min(TAKEN)  # what it has not refused as too bad
        winning = {"winner": one, "second": three, "taken": taken}
        saves = "saves" in self.verdicts and self.verdicts["saves"].outcome == "passed"
        winning["kept"] = min(last.kept, FlowRun.kept)
        plan = {"broken": two, "held_out": last.held_out, "mild": last.mild, **winning}
        plan |= {"error": self.draw.choice(ERRORS), "saves": saves}
        run = FlowRun("survives_one_failure", models, **plan)
        yield run
        if not default.trained or run.trains_boosters:
            return
        begun = {fit["kind"] for fit in run.fits.values()}
        none = "" if two in begun else f"{run.call} began none of its class."
        wrong = run.failure() or none or mistakes.misses_best(run)
        wrong = wrong or (mistakes.lost(run) if saves else "")
        alone = f"when the training of `{two}` raises: {wrong}"
        self.decide("survives_one_failure", alone if wrong else "")

    def beginning(self, default: FlowRun) -> Iterator[FlowRun]:
        """Whether the trainings were all begun at once. Where some for show were, it is run once
        more, and only those in earnest wait."""
        run = default
        if default.met and not default.parallel:
            run = FlowRun("completes", {}, saves=True, passed_over=default.preludes)
            yield run
        self.decide("parallel", "" if run.parallel else mistakes.one_by_one(run))

    def asking_unknown(self, one: str, two: str, refused: bool) -> Iterator[FlowRun]:
        """Runs that name a model that there is not: in the middle, where nobody sees it who looks
        at the first, the last or the number of names, then first or last; one that is longer than a
        name that there is, and one that is a part of another, as texts are parts of texts."""
        wrong, places = "", (1, self.draw.choice((0, 2)))
        like, whole = self.draw.sample([*MISSPELT], 2)
        unknowns = MISSPELT[like], self.draw.choice((whole[1:], whole[:-1]))
        for place, unknown in zip(places, unknowns, strict=True):
            names = [one, two]
            names.insert(place, unknown)
            run = FlowRun("rejects_unknown", {"model_types": names})
            yield run
            wrong = wrong or mistakes.accepts(run)
            if refused or wrong:
                break
        if not refused:
            self.decide("rejects_unknown", wrong)

    def position(self, kind: str) -> int:
        """Where the answer's source names a kind first, imports apart."""
        name = re.search(rf"""['"]{kind}['"]|\b{kind} ?=""", self.source)
        return name.start() if name else len(self.source)

    def defaulting(self) -> Iterator[FlowRun]:
        """The run without arguments, with the best model first or in the middle, as far as the
        answer names them in the order in which it trains them, and the worst the other. Where it
        does not choose that one, or scores too badly for another label to be a wrong one, it is run
        once more, with every model as it is."""
        best, worst, second = sorted(KINDS, key=self.position)
        if not self.best_first:
            best, worst = worst, best
        run = FlowRun("completes", {}, best, second, held_out=False, mild=True, saves=True)
        yield run
        chosen = run.result.get("model_type") == best
        if run.scored and (run.failure() or not chosen or run.accuracy <= CLEAR):
            run = FlowRun("completes", {}, saves=True, patience=run.patience)
            yield run
        return run

    def selecting(self, default: FlowRun, one: str, two: str, three: str) -> Iterator[FlowRun]:
        """Runs in which others win than by default, and one in which that one is alone; gives those
        that count."""
        # Who compares with the first one chooses the last after (worst, best), who compares with
        # the one before, after (best, worst); who never looks at the last, the second before it.
        middle = default.winner is None or self.best_first
        order = [one, two, three] if middle else [two, one, three]
        models, size = {"model_types": [two, three, one]}, self.draw.choice(SIZES)
        plans = [  # stage, parameters, the best, the second best, which shares are spoilt in it
            ("trains_requested", {"model_types": [three]}, three, None, TAKEN_ALONE),
            ("selects_best", {"model_types": order}, two, three, TAKEN),
            ("selects_best", models | {"test_size": size}, one, two, TAKEN),
        ]
        if default.winner is None:
            models = {"model_types": [one, two, three], "test_size": 0.3}
            plans.append(("selects_best", models, one, three, TAKEN))
        runs, mild = [], default.accuracy > CLEAR
        kept = agreement.kept(default, (three, one, two), FlowRun.kept)
        kept = kept if mild else min(kept, FlowRun.kept)
        for stage, parameters, winner, second, shares in plans:
            beside = {"second": second, "saves": True, "taken": self.draw.choice(shares)}
            if second and kept != FlowRun.kept:  # both are better than the mean, or one may be bad
                beside |= {"taken": min(TAKEN), "kept": kept}
            plan = {"winner": winner, **beside, **self.about_known(default, winner, second)}
            run = FlowRun(stage, parameters, **plan, mild=mild)
            yield run
            if not mild and (run.failure() or mistakes.misses_best(run)):
                mild = True  # a label that no row has was perhaps more than the answer can take
                run = FlowRun(stage, parameters, **plan, mild=mild)
                yield run
            if run.failure() and beside["taken"]:  # perhaps it refuses models that are so bad
                plan |= {"taken": 0.0, "knowing": None}
                run = FlowRun(stage, parameters, **plan, mild=mild)
                yield run
            if run.held_out and run.tells_known and mistakes.misses_best(run):
                run = yield from self.by_known_rows(run, plan)
            runs.append(run)
        return runs

    def about_known(self, default: FlowRun, winner: str, second: str | None) -> dict:
        """What models are about rows that they were trained on, where new ones are what counts:
        the winner is wrong, and the worst right; one that is alone is right, so that only what is
        told of new ones is as bad as it is made there."""
        if not default.on_new_rows or self.chosen_by_known:
            return {"held_out": False}
        if second is None:
            return {"held_out": False, "knowing": winner}
        return {"held_out": True, "knowing": next(iter({*KINDS} - {winner, second}))}

    def by_known_rows(self, run: FlowRun, plan: dict) -> Iterator[FlowRun]:
        """The run once more, with a winner that is right about rows that it was trained on, too:
        who selects it now can compare, but by the wrong rows. Gives the one that counts."""
        plan = plan | {"held_out": False, "knowing": None}
        again = FlowRun(run.stage, run.parameters, **plan, mild=run.mild)
        yield again
        if mistakes.misses_best(again):
            return run
        self.chosen_by_known = self.chosen_by_known or run
        return again

    def decide_selection(self, default: FlowRun, runs: list[FlowRun]) -> None:
        every = [default, *runs]
        self.decide("trains_requested", mistakes.first(mistakes.trained_others, every))
        fair = [run for run in runs if run.failure() or run.winner in run.kinds]
        fair = [run for run in fair if not run.trains_boosters]
        several = any(len(run.parameters["model_types"]) > 1 for run in fair)
        if several and not mistakes.refused(runs):
            self.decide("selects_best", mistakes.first(mistakes.misses_best, fair))
        if default.trained:
            by_known = self.chosen_by_known and mistakes.chose_by_known(self.chosen_by_known)
            self.decide("held_out", mistakes.not_held_out(default, fair) or by_known or "")
        if "path" in default.result and default.result["model_type"] in KINDS:
            self.decide("saves", mistakes.first(mistakes.lost, filter(lambda r: r.saves, every)))
