"""Decides by what the compiled pipeline does with shares on both sides of a threshold, and by what
its component `measure` gave."""

import random
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from workbench.exercises.answers import Answer
from workbench.exercises.practice_1.measured import ASKED, decide_measure
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import PASSED, Verdict, Verdicts, raised
from workbench.sandbox.job import Job, Observations

NAME, TASKS, DEFAULT = "quality-gate", ("measure", "register", "alert"), 0.8
WAYS = TASKS[1:]
FAR = 0.0095  # of a share from the threshold: nearer ones are taken to try its border
AS_MANY = {  # of the two ways → what to think about, where it is not the other one that was taken
    0: " What runs where your condition holds, and what where it does not?",
    2: " What runs whatever your condition says?",
}
BORDER = "border"
OTHER_SIDE = "as it does on the other side of the threshold"
WRITTEN = "What is written behind threshold where your pipeline's function begins?"
Run = tuple[dict[str, Any], str]  # its parameters, and the way that it has to take


def judge(exercise: Exercise, answer: Answer, seed: int, job: Job | None) -> dict[str, Verdict]:
    """Every criterion by one look at the pipeline, calls of a component, and runs."""
    verdicts, draw = Verdicts(exercise.thoughts), random.Random(seed)
    calls, ways = _calls(draw), _ways(draw)
    runs = [parameters for cases in ways.values() for parameters, _ in cases]
    observed = job.step("compiles", {"pipeline": NAME, "calls": calls, "runs": runs})
    told, parameters = observed.first("tasks"), observed.first("parameters")
    if observed.stopped and told is None:
        return verdicts
    if told is None:
        verdicts.decide("compiles", _uncompiled(observed))
        return verdicts
    tasks = list(map(str, told)) if isinstance(told, list) else []
    parameters = parameters if isinstance(parameters, dict) else {}
    missing = _lacking(tasks)
    others = _other_pipelines(observed.first("pipelines"))
    verdicts.decide("compiles", missing or others or _unasked(parameters))
    if "measure" not in tasks or (observed.stopped and observed.first("measured") is None):
        return verdicts
    decide_measure(verdicts, observed.first("measured"), calls, observed.first("runs"))
    tries = observed.first("tries")
    again = isinstance(tries, int) and tries > 1
    verdicts.decide("retries", "" if again else "measure is tried once only.")
    if not missing and not observed.stopped:
        _decide_ways(verdicts, ways, observed.first("runs"), parameters)
    return verdicts


def _calls(draw: random.Random) -> list[tuple[int, int]]:
    """Pairs of right and total, whose shares nobody can write down: they have no end."""
    totals = draw.sample((7, 13, 17, 19, 23, 29, 31, 37, 43, 47, 997), 4)
    return [(draw.randint(1, total - 1), total) for total in totals] + [
        (0, totals[0]),
        (totals[1],) * 2,
    ]


def _ways(draw: random.Random) -> dict[str, list[Run]]:
    """The runs of each criterion, and one at a threshold that is given; it always is, but in the
    last of its criterion."""

    def run(right: int, total: int, threshold: float | None, way: str) -> Run:
        given = {} if threshold is None else {"threshold": threshold}
        return {"right": right, "total": total} | given, way

    tenth, many = draw.randint(2, 9), draw.randint(11, 99)
    near = 20_000 * tenth  # of it a share lies within 3e-6: who rounds, or allows for more, errs
    high, low = 10 * draw.randint(85, 98) + draw.randint(1, 4), draw.randint(12, 50)
    # Who multiplies the threshold by the total has more than were right.
    exact = ((right, total) for total in (100, 400) for right in range(total))
    right, total = draw.choice([pair for pair in exact if pair[0] / pair[1] * pair[1] > pair[0]])
    return {
        "registers": [
            run(8 * tenth, 10 * tenth, DEFAULT, "register"),
            run(draw.randint(81, 99), 100, DEFAULT, "register"),
            run(8 * near + 1, 10 * near, DEFAULT, "register"),
            run(many, many, DEFAULT, "register"),
        ],
        "alerts": [
            run(draw.randint(30, 79), 100, DEFAULT, "alert"),
            run(8 * near - 1, 10 * near, DEFAULT, "alert"),
            run(0, many, DEFAULT, "alert"),
        ],
        "threshold": [
            # below it, but neither in whole percents nor in whole thousandths
            run(high, 1000, round((high + 0.5) / 1000, 4), "alert"),
            run(draw.randint(51, 79), 100, low / 100, "register"),
            run(draw.randint(51, 79), 100, 0.0, "register"),  # 0 is a threshold, too
            run(draw.randint(76, 79), 100, None, "alert"),
            run(draw.randint(81, 84), 100, None, "register"),
        ],
        BORDER: [run(right, total, right / total, "register")],
    }


def _uncompiled(observed: Observations) -> str:
    """Why there is no pipeline to look at."""
    if observed.error:
        return f"It raised {raised(observed.error)}; expected the pipeline {NAME!r}. {ASKED}"
    return _other_pipelines(observed.first("pipelines"))


def _other_pipelines(names: Any) -> str:
    return "" if names == [NAME] else f"There are pipelines {names}; expected one, {NAME!r}."


def _lacking(tasks: list[str]) -> str:
    if set(TASKS) <= set(tasks):
        return ""
    among = f"expected {', '.join(TASKS)} among them. Which is not called in its function?"
    return f"Its tasks are {tasks}; {among}"


def _unasked(parameters: Mapping[str, Any]) -> str:
    if {"right", "total"} <= parameters.keys():
        return ""
    asked = f"Its parameters are {list(parameters)}; expected right, total and threshold."
    return f"{asked} What does the pipeline's function take?"


def _other_default(parameters: Mapping[str, Any]) -> str:
    if "threshold" not in parameters:
        return f"The pipeline's parameters are {list(parameters)}, without threshold."
    default = parameters["threshold"]
    if default is None:
        return f"The parameter threshold has no default; expected 0.8. {WRITTEN}"
    if default != DEFAULT:
        has = f"The parameter threshold has the default {default!r}"
        return f"{has}; expected the number 0.8. {WRITTEN}"
    return ""


def _decide_ways(
    verdicts: Verdicts, ways: dict[str, list[Run]], told: Any, parameters: Mapping[str, Any]
) -> None:
    """By the runs: which of register and alert ran, and whether the parameter has decided it."""
    told = [one if isinstance(one, dict) else {} for one in told] if isinstance(told, list) else []
    before: list[tuple[Run, dict]] = []  # runs with the usual threshold
    for criterion, cases in ways.items():
        came, told = told[: len(cases)], told[len(cases) :]
        wrong = _astray(cases, came)
        if criterion == "threshold":
            moves = wrong and _moving(before)
            wrong = _other_default(parameters) or (_against(cases, came, moves) if moves else wrong)
        before += zip(cases, came, strict=False)
        verdicts.remark = verdicts.remark or _beside(cases, came)
        # A border of which another criterion knows the reason is not looked at.
        if criterion != BORDER:
            verdicts.decide(criterion, wrong)
        elif verdicts["threshold"].outcome == verdicts["registers"].outcome == PASSED:
            verdicts.decide("registers", wrong)


def _taken(one: dict) -> list[str]:
    """Which of the two ways a run has taken."""
    ran = one.get("ran")
    return [name for name in map(str, ran) if name in WAYS] if isinstance(ran, list) else []


def _moving(before: list[tuple[Run, dict]]) -> dict[str, bool]:
    """Where not both of the ways are taken as they should be: those that depend on the side of the
    threshold, as shares far from it show, and whether above it. Of the others, and of the exact
    border, is told elsewhere."""
    seen = {(name, way): set[bool]() for name in WAYS for way in WAYS}
    for (parameters, way), one in before:
        if abs(parameters["right"] / parameters["total"] - DEFAULT) > FAR:
            for name in WAYS:
                seen[name, way].add(name in _taken(one))
    above = {
        name: True in seen[name, "register"]
        for name in WAYS
        if len(seen[name, "register"] | seen[name, "alert"]) == 2
        and len(seen[name, "register"]) == len(seen[name, "alert"]) == 1
    }
    return {} if above == {"register": True, "alert": False} else above


def _against(cases: list[Run], came: list[dict], above: Mapping[str, bool]) -> str:
    """What of these ways does not go by the threshold that is given."""
    for (parameters, way), one in zip(cases, came, strict=False):
        for name, high in above.items():
            ran = name in _taken(one)
            if ran != (high == (way == "register")):
                did = "ran" if ran else "did not run"
                return f"In a run with {_given(parameters)}, {name} {did}, {OTHER_SIDE}."
    return ""


def _beside(cases: list[Run], came: list[dict]) -> str:
    """What failed in a run that took its way, which costs no point."""
    for (parameters, way), one in zip(cases, came, strict=False):
        if _taken(one) == [way] and isinstance(one.get("errors"), list) and one["errors"]:
            failed = f"In a run with {_given(parameters)}, something beside {way} failed"
            return f"{failed}, which costs no point: {one['errors'][0]}"
    return ""


def _given(parameters: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in parameters.items())


def _astray(cases: list[Run], came: list[dict]) -> str:
    """What is wrong with the ways that runs have taken."""
    for (parameters, way), one in zip_longest(cases, came, fillvalue={}):
        given, taken = _given(parameters), _taken(one)
        errors = one.get("errors") or one.get("error")
        if taken == [way]:  # what else goes wrong is none of its way
            continue
        if errors or not one.get("ran"):
            why = "; ".join(map(str, errors)) if isinstance(errors, list) else errors
            return f"A run with {given} failed: {why}; expected {way} to run. {ASKED}"
        names = " and ".join(taken) or "neither register nor alert"
        wrong = f"In a run with {given}, {names} ran; expected {way} alone."
        return wrong + AS_MANY.get(len(taken), "")
    return ""
