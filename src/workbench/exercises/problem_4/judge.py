"""Problem 4, models trained in parallel: run on a Prefect server; which is best is decided here.

Every training asks before it begins, and waits until all three have; in later runs the predictions
of all models but one are spoilt, so that each kind is the best once.
"""

import contextlib
import random
from collections.abc import Iterator

from workbench.exercises.answers import Answer
from workbench.exercises.problem_4 import mistakes
from workbench.exercises.problem_4.flow_run import FLOW, KINDS, FlowRun
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import UNTRIED, Verdict, Verdicts, raised, sentence
from workbench.sandbox.job import Job

CLEAR = 0.75  # accuracy from which another label than the predicted one is mostly wrong
UNKNOWN = ("perceptron_tree", "oracle_9000", "tea_leaves", "quantum_forest", "coin_flip")


def judge(exercise: Exercise, answer: Answer, seed: int, job: Job) -> dict[str, Verdict]:
    """Decide every criterion; a stopped answer leaves the later ones out."""
    examination = Examination(exercise, seed)
    observed = job.step("completes", serve=examination.serve)
    if observed.error:
        wrong = f"It could not be observed: {raised(observed.error)}."
        examination.verdicts.fail(["completes"], wrong)
    return examination.verdicts


class Examination:
    """One submission: answers what its worker asks, plans its runs, and decides."""

    def __init__(self, exercise: Exercise, seed: int):
        self.verdicts = Verdicts(exercise.thoughts)
        self.criteria = exercise.of_part("code")
        self.draw = random.Random(seed)
        self.run: FlowRun | None = None
        self.runs = self.plan()

    def serve(self, asked: dict) -> dict:
        """Answer the probe: the next run, whether a training may go on, what to be wrong about."""
        with contextlib.suppress(AttributeError):  # no probe of ours would ask that
            if "next" in asked:
                run = self.run = next(self.runs, None)
                return {"run": run and {"stage": run.stage, "parameters": run.parameters}}
            if "fit" in asked:
                return self.run.begin(asked)
            if "scored" in asked:
                return self.run.score(asked, self.run.fits[asked["scored"]])
            if "fitted" in asked:
                self.run.fits[asked["fitted"]] |= asked
            else:
                self.run.reported |= asked
                return {"load": self.run.result.get("path")}
        return {}

    def decide(self, criterion: str, wrong: str) -> None:
        self.verdicts.decide(criterion, sentence(wrong))

    def plan(self) -> Iterator[FlowRun]:
        """The runs, one after the other, each with what it decides."""
        default = FlowRun("completes", {})
        yield default
        if not default.reported["ran"].get("flow"):
            wrong = default.failure() if "error" in default.reported["ran"] else ""
            self.decide("completes", wrong or f"There is no Prefect flow {FLOW}.")
            for criterion in self.criteria[1:]:
                self.decide(criterion, UNTRIED)
            return
        self.decide("completes", default.failure())
        self.decide("parallel", "" if default.met else mistakes.one_by_one(default))
        self.decide("tracked", mistakes.untracked(default))
        one, two, three = self.draw.sample(KINDS, 3)
        runs = yield from self.selecting(default, one, two, three)
        self.decide_selection(default, runs)
        unknown = self.draw.choice(UNKNOWN)
        run = FlowRun("rejects_unknown", {"model_types": [one, unknown]})
        yield run
        self.decide("rejects_unknown", mistakes.accepts(run, unknown))
        models = {"model_types": [two, one, three]}
        last = runs[-1]
        run = FlowRun("survives_one_failure", models, three, two, last.held_out, last.mild)
        yield run
        wrong = mistakes.misses_best(run)
        alone = f"when the training of {two} raises: {wrong}"
        self.decide("survives_one_failure", alone if wrong else "")

    def selecting(self, default: FlowRun, one: str, two: str, three: str) -> Iterator[FlowRun]:
        """Runs in which each kind wins once; gives those that count."""
        held_out, mild = default.on_new_rows, default.accuracy > CLEAR
        plans = (
            ("trains_requested", {"model_types": [one]}, one),
            ("selects_best", {"model_types": [one, two, three]}, three),
            ("selects_best", {"model_types": [two, one]}, two),
            ("selects_best", {"model_types": [two, one, three], "test_size": 0.3}, one),
        )
        runs = []
        for stage, parameters, winner in plans:
            run = FlowRun(stage, parameters, winner, None, held_out, mild)
            yield run
            if run.troubled and not default.troubled and not mild:
                mild = True  # a label that no row has was perhaps more than the answer can take
                run = FlowRun(stage, parameters, winner, None, held_out, mild)
                yield run
            runs.append(run)
        return runs

    def decide_selection(self, default: FlowRun, runs: list[FlowRun]) -> None:
        every = [default, *runs]
        fair = [run for run in runs if run.failure() or run.winner in run.kinds]
        self.decide("trains_requested", mistakes.first(mistakes.trained_others, every))
        best = mistakes.first(mistakes.misses_best, fair)
        self.decide("selects_best", best if fair else "No model was trained.")
        self.decide("held_out", mistakes.not_held_out(default, fair))
        self.decide("saves", mistakes.first(mistakes.lost, every))
