"""Problem 4, models trained in parallel: the flow runs on a Prefect server, and which model is best is decided here.

Every training asks before it begins, and waits until all three have; in later runs the predictions of all models but
one are spoilt, so that each kind is the best once.
"""

import contextlib
import itertools
import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from workbench.exercises.report import CRITERIA, THOUGHTS, Verdict
from workbench.sandbox.job import Job, Limits

PROBE = "workbench.exercises.problem_4.probe"
PRELOAD = (PROBE,)
LIMITS = Limits(wall=120, cpu=40, memory=4096, processes=256)
FLOW, KINDS = "multi_model_training_pipeline", ("random_forest", "xgboost", "lightgbm")
PATIENCE = 5  # seconds that trainings wait for the next one to begin
LEAK = 0.1  # share of known rows that chance may put among those scored
CLEAR = 0.75  # accuracy from which another label than the predicted one is mostly wrong
SLACK = 0.05  # seconds between a training and the records of its task run
UNKNOWN = ("perceptron_tree", "oracle_9000", "tea_leaves", "quantum_forest", "coin_flip")


@dataclass
class Trial:
    """One run of the flow: what is asked of it, and what was seen."""

    stage: str
    parameters: dict
    winner: str | None = None
    broken: str | None = None
    held_out: bool = True
    mild: bool = False
    fits: dict = field(default_factory=dict)
    scored: list = field(default_factory=list)
    seen: dict = field(default_factory=lambda: {"ran": {}, "records": {}, "saved": {}})
    waiting: set = field(default_factory=set)
    met: bool = False
    news: float = 0.0  # when a training began last

    def __post_init__(self) -> None:
        self.call = (
            f"{FLOW}({', '.join(f'{name}={value!r}' for name, value in self.parameters.items())})"
        )

    @property
    def result(self) -> dict:
        return self.seen["ran"].get("returned") or {}

    @property
    def accuracy(self) -> float:
        found = self.result.get("accuracy")
        return found if isinstance(found, float) and 0 <= found <= 1 else 0.0

    @property
    def troubled(self) -> bool:
        """Whether the flow failed, or a task that it went on without."""
        return bool(
            self.failure() or any(task["state"] == "FAILED" for task in self.tasks.values())
        )

    @property
    def tasks(self) -> dict[str, dict]:
        return self.seen["records"].get("tasks", {})

    @property
    def trained(self) -> list[dict]:
        """The trainings that came to an end."""
        return [fit for fit in self.fits.values() if "ended" in fit]

    @property
    def kinds(self) -> set[str]:
        return {fit["kind"] for fit in self.trained}

    def failure(self) -> str:
        """How the run failed; empty when it completed."""
        ran = self.seen["ran"]
        where = f" in line {ran['line']}" if ran.get("line") else ""
        if "error" in ran:
            return f"{self.call} could not be tried: {ran['error']}{where}."
        if "raised" in ran:
            return f"{self.call} raised {ran['raised']}; expected it to return."
        completed = "COMPLETED" in self.seen["records"].get("flows", ())
        return (
            ""
            if completed
            else f"{self.call} returned, but Prefect has no record of a run that completed."
        )

    def begin(self, told: dict) -> dict:
        """Whether this training may go on: when all have begun, or no other has for a while."""
        now, training = time.monotonic(), told["task_run"] or told["kind"]
        if told["fit"] not in self.fits:
            self.fits[told["fit"]], self.news = dict(told), now
            self.waiting.add(training)
        self.met = self.met or len(self.waiting) >= len(KINDS)
        if self.stage == "completes" and not self.met and now - self.news <= PATIENCE:
            return {}
        self.waiting.discard(training)
        return {"go": True} | (
            {"raise": "this training fails on purpose"} if told["kind"] == self.broken else {}
        )

    def score(self, told: dict, fit: dict) -> dict:
        """Which rows a model that is asked to predict is to be wrong about."""
        self.scored.append(told | {"repeated": fit.get("repeated", 0)})
        if fit["kind"] != self.winner:
            return {"spoil": self.winner and "all", "mild": self.mild}
        return {"spoil": "known" if self.held_out else None, "mild": self.mild}


class Examination:
    """One submission: answers what its worker asks, plans its runs, and decides."""

    def __init__(self, seed: int):
        self.draw, self.verdicts = random.Random(seed), {}
        self.trial, self.trials = None, self.plan()

    def serve(self, asked: dict) -> dict:
        with contextlib.suppress(AttributeError):  # no probe of ours would ask that
            if "next" in asked:
                trial = self.trial = next(self.trials, None)
                return {"run": trial and {"stage": trial.stage, "parameters": trial.parameters}}
            if "fit" in asked:
                return self.trial.begin(asked)
            if "fitted" in asked:
                self.trial.fits[asked["fitted"]] |= asked
            elif "scored" in asked:
                return self.trial.score(asked, self.trial.fits[asked["scored"]])
            else:
                self.trial.seen |= asked
                return {"load": self.trial.result.get("path")}
        return {}

    def decide(self, criterion: str, wrong: str) -> None:
        said = f"{wrong[:1].upper()}{wrong[1:]} {THOUGHTS['problem_4'][criterion]}"
        self.verdicts[criterion] = Verdict("failed", said) if wrong else Verdict("passed")

    def plan(self) -> Iterator[Trial]:
        """The runs, one after the other, each with what it decides."""
        default = Trial("completes", {})
        yield default
        if not default.seen["ran"].get("flow"):
            wrong = (
                default.failure()
                if "error" in default.seen["ran"]
                else f"There is no Prefect flow {FLOW}."
            )
            rest = dict.fromkeys(
                [name for name, *_ in CRITERIA["problem_4"]], "It could not be tried."
            )
            for name, said in (rest | {"completes": wrong}).items():
                self.decide(name, said)
            return
        self.decide("completes", default.failure())
        self.decide("parallel", "" if default.met else _one_by_one(default))
        self.decide("tracked", _untracked(default))
        one, two, three = self.draw.sample(KINDS, 3)
        trials, held_out, mild = [default], _on_new_rows(default), default.accuracy > CLEAR
        for stage, order, winner in (
            ("trains_requested", [one], one),
            ("selects_best", [one, two, three], three),
            ("selects_best", [two, one], two),
            ("selects_best", [two, one, three], one),
        ):
            more = {"test_size": 0.3} if order[0] == two and winner == one else {}
            trials.append(
                Trial(stage, {"model_types": order, **more}, winner, None, held_out, mild)
            )
            yield trials[-1]
            if trials[-1].troubled and not default.troubled and not mild:
                mild = True  # a label that no row has was perhaps more than the answer can take
                trials[-1] = Trial(
                    stage, {"model_types": order, **more}, winner, None, held_out, mild
                )
                yield trials[-1]
        fair = [trial for trial in trials[1:] if trial.failure() or trial.winner in trial.kinds]
        self.decide("trains_requested", _first(_trained_others, trials))
        self.decide("selects_best", _first(_misses_best, fair) if fair else "No model was trained.")
        self.decide("held_out", _not_held_out(default, fair))
        self.decide("saves", _first(_lost, trials))
        unknown = self.draw.choice(UNKNOWN)
        trial = Trial("rejects_unknown", {"model_types": [one, unknown]})
        yield trial
        self.decide("rejects_unknown", _accepts(trial, unknown))
        trial = Trial(
            "survives_one_failure", {"model_types": [two, one, three]}, three, two, held_out, mild
        )
        yield trial
        wrong = _misses_best(trial)
        self.decide("survives_one_failure", wrong and f"when the training of {two} raises: {wrong}")


def judge(job: Job, seed: int) -> dict[str, Verdict]:
    """Decide every criterion; a stopped answer leaves the later ones out."""
    examination = Examination(seed)
    seen = job.step("completes", serve=examination.serve)
    if seen.error:
        wrong = f"It could not be observed: {seen.error.get('type')}: {seen.error.get('text')}."
        examination.verdicts.setdefault("completes", Verdict("failed", wrong))
    return examination.verdicts


def _first(wrong: Callable[[Trial], str], trials: Iterable[Trial]) -> str:
    """What is wrong with the first trial with which something is."""
    return next(filter(None, map(wrong, trials)), "")


def _one_by_one(trial: Trial) -> str:
    begun = len({fit["kind"] for fit in trial.fits.values()})
    return f"{trial.call} began {begun} kinds of training, never {len(KINDS)} at once: each waited {PATIENCE} s for more."


def _untracked(trial: Trial) -> str:
    """Whether the trainings share task runs in Prefect's records, or have none."""
    tasks, trainings = trial.tasks, {}
    for fit in trial.trained:
        around = {name for name, task in tasks.items() if _covers(task, fit)}
        trainings[fit["task_run"] or fit["kind"]] = (
            {fit["task_run"]} & set(tasks) if fit["task_run"] else around
        )
    if any(
        len(set(chosen)) >= len(KINDS)
        for chosen in itertools.product(*filter(None, trainings.values()))
    ):
        return ""
    return (
        f"{trial.call} trained {_listed(trial.kinds)}; Prefect has records of {len(tasks)} task runs, and not of one \
for each training."
    )


def _covers(task: dict, fit: dict) -> bool:
    if not (task["start"] and task["end"]):
        return False
    start, end = (datetime.fromisoformat(task[name]).timestamp() for name in ("start", "end"))
    return start <= fit["begun"] + SLACK and fit["ended"] <= end + SLACK


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def _trained_others(trial: Trial) -> str:
    requested = set(trial.parameters.get("model_types", KINDS))
    said = f"{trial.call} trained {_listed(trial.kinds)}; expected {_listed(requested)}, each of its own class."
    return "" if requested == trial.kinds & set(KINDS) else said


def _on_new_rows(trial: Trial) -> bool:
    """Whether any model was asked about rows that it was not trained on."""
    return any(scored["known"] <= LEAK + 2 * scored["repeated"] for scored in trial.scored)


def _misses_best(trial: Trial) -> str:
    found = trial.result.get("model_type")
    said = f"{trial.call} returned model_type={found!r} where {trial.winner} was by far the most accurate."
    return trial.failure() or ("" if found == trial.winner else said)


def _not_held_out(default: Trial, trials: list[Trial]) -> str:
    if default.failure() or not default.scored:
        return default.failure() or f"{default.call} never asked a model to predict anything."
    if not _on_new_rows(default):
        known = min(scored["known"] for scored in default.scored)
        return f"{default.call}: of the rows that were scored, the model had been trained on {known:.0%}."
    for trial in trials:
        if (
            trial.result.get("model_type") == trial.winner
            and trial.accuracy <= default.accuracy / 2
        ):
            accuracy = trial.result.get("accuracy")
            return f"{trial.call} returned accuracy={accuracy} for a model that was right about new rows only."
    return ""


def _lost(trial: Trial) -> str:
    """Whether what was saved is not the model that was returned."""
    path, kind, saved = (
        trial.result.get("path"),
        trial.result.get("model_type"),
        trial.seen["saved"],
    )
    if trial.failure() or not path:
        return trial.failure() or f"{trial.call} returned no path."
    if "kind" not in saved:
        return (
            f"loading {path!r} failed: {saved.get('error', 'it ends the process that loads it')}."
        )
    if saved["kind"] != kind:
        return f"{path!r} holds {saved['kind'] or saved['type']}; expected the model {kind}."
    if not saved.get("fitted"):
        return f"{path!r} holds a {kind} that has not been fitted; expected the one that was trained and scored."
    return (
        f"{path!r} holds a model of an earlier run."
        if saved.get("fit") not in (None, *trial.fits)
        else ""
    )


def _accepts(trial: Trial, unknown: str) -> str:
    raised = trial.seen["ran"].get("raised", "")
    said = [task["message"] for task in trial.tasks.values() if task["state"] == "FAILED"]
    if any(unknown in each for each in (raised, *said)):
        return ""
    came = f"raised {raised}" if raised else f"returned {trial.result}"
    return f"{trial.call} {came}; expected an error that names {unknown}."
