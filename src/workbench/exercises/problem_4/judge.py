"""Problem 4, models trained in parallel: run on a Prefect server; which is best is decided here.

Every training asks before it begins, and waits until all three have; in later runs the predictions
of all models but one are spoilt, one of them less than the other, so that each kind is the best
once, first, in the middle and last.
"""

import random
import re
from collections.abc import Iterator

from workbench.exercises.answers import Answer
from workbench.exercises.problem_4 import mistakes, thoughts
from workbench.exercises.problem_4.flow_run import KINDS, FlowRun
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import Verdict, Verdicts, raised, sentence
from workbench.sandbox.client import WorkerError
from workbench.sandbox.job import Job

CLEAR = 0.75  # accuracy from which another label than the predicted one is mostly wrong
UNKNOWN = ("perceptron_tree", "oracle_9000", "tea_leaves", "quantum_forest", "coin_flip")
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
        self.run: FlowRun | None = None
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
            self.run.fits[asked["fitted"]] |= asked
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
        return {"records": records, "load": run.result.get("path") if run.saves else None}

    def decide(self, criterion: str, wrong: str) -> None:
        thought = thoughts.on(wrong, self.source) if wrong else ""
        self.verdicts.decide(criterion, sentence(wrong), thought)

    def plan(self) -> Iterator[FlowRun]:
        """The runs, one after the other, each with what it decides."""
        default = yield from self.defaulting()
        self.decide("completes", mistakes.no_flow(default) or default.failure())
        if self.verdicts["completes"].outcome != "passed":
            return
        if default.trained:
            self.decide("parallel", "" if default.parallel else mistakes.one_by_one(default))
            self.decide("tracked", mistakes.untracked(default))
        kinds = self.draw.sample([*KINDS], 3)
        one, two, three = sorted(kinds, key=lambda kind: kind == default.winner)
        runs = yield from self.selecting(default, one, two, three)
        self.decide_selection(default, runs)
        unknown = self.draw.choice(UNKNOWN)
        # In the middle: who looks at the first, the last or the number of names is not careful.
        run = FlowRun("rejects_unknown", {"model_types": [one, unknown, two]})
        yield run
        if not mistakes.refused(runs):
            self.decide("rejects_unknown", mistakes.accepts(run))
        models, last = {"model_types": [two, one, three]}, runs[-1]
        run = FlowRun("survives_one_failure", models, three, one, two, last.held_out, last.mild)
        yield run
        if not default.trained:
            return
        wrong = mistakes.misses_best(run)
        alone = f"when the training of `{two}` raises: {wrong}"
        self.decide("survives_one_failure", alone if wrong else "")

    def position(self, kind: str) -> int:
        """Where the answer's source names a kind first, imports apart."""
        name = re.search(rf"""['"]{kind}['"]|\b{kind} ?=""", self.source)
        return name.start() if name else len(self.source)

    def defaulting(self) -> Iterator[FlowRun]:
        """The run without arguments, with the best model first, the worst in the middle, as far as
        the answer names them in the order in which it trains them. Where it does not choose that
        one, or scores too badly for another label to be a wrong one, it is run once more, with
        every model as it is."""
        best, _, second = sorted(KINDS, key=self.position)
        run = FlowRun("completes", {}, best, second, mild=True, saves=True)
        yield run
        chosen = run.result.get("model_type") == best
        if run.scored and (run.failure() or not chosen or run.accuracy <= CLEAR):
            run = FlowRun("completes", {}, saves=True, patience=run.patience)
            yield run
        return run

    def selecting(self, default: FlowRun, one: str, two: str, three: str) -> Iterator[FlowRun]:
        """Runs in which each kind wins once, but for the one that has won by default; gives those
        that count."""
        held_out, mild = default.on_new_rows, default.accuracy > CLEAR
        plans = [  # stage, parameters, the best, the second best, whether the file is looked at
            ("trains_requested", {"model_types": [one]}, one, None, False),
            ("selects_best", {"model_types": [one, two, three]}, two, three, True),
        ]
        if default.winner is None:
            models = {"model_types": [three, one, two], "test_size": 0.3}
            plans.append(("selects_best", models, three, two, True))
        runs = []
        for stage, parameters, winner, second, saves in plans:
            run = FlowRun(stage, parameters, winner, second, None, held_out, mild, saves)
            yield run
            if not mild and run.failure():
                mild = True  # a label that no row has was perhaps more than the answer can take
                run = FlowRun(stage, parameters, winner, second, None, held_out, mild, saves)
                yield run
            runs.append(run)
        return runs

    def decide_selection(self, default: FlowRun, runs: list[FlowRun]) -> None:
        every = [default, *runs]
        self.decide("trains_requested", mistakes.first(mistakes.trained_others, every))
        fair = [run for run in runs if run.failure() or run.winner in run.kinds]
        if fair and not mistakes.refused(runs):
            self.decide("selects_best", mistakes.first(mistakes.misses_best, fair))
        if default.trained:
            self.decide("held_out", mistakes.not_held_out(default, fair))
        if "path" in default.result and default.result["model_type"] in KINDS:
            self.decide("saves", mistakes.first(mistakes.lost, filter(lambda r: r.saves, every)))
