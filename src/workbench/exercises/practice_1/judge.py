"""Decides by the compiled pipeline, with shares on both sides of the threshold, and by what the
component `measure` gave."""

import random
from typing import Any

from workbench.exercises.answers import Answer
from workbench.exercises.practice_1.gate import Gate
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import Verdict, Verdicts, raised
from workbench.graph import PipelineError
from workbench.sandbox.job import Job, Observations

NAME, TASKS, DEFAULT = "quality-gate", ["alert", "measure", "register"], 0.8


def judge(exercise: Exercise, answer: Answer, seed: int, job: Job | None) -> dict[str, Verdict]:
    """Every criterion by one look at the pipeline and two calls of a component."""
    verdicts, draw = Verdicts(exercise.thoughts), random.Random(seed)
    total = 10 * draw.randint(3, 9)
    calls = [[total * 9 // 10, total], [total * 6 // 10, total]]
    observed = job.step("compiles", {"calls": calls})
    if observed.stopped:
        return verdicts
    gate = Gate(observed.first("specification"))
    verdicts.decide("compiles", _uncompiled(observed, gate))
    if verdicts["compiles"].feedback:
        return verdicts
    _decide_measure(verdicts, observed, calls)
    verdicts.decide("registers", _astray(gate, (0.9, None, "register"), (0.8, None, "register")))
    verdicts.decide("alerts", _astray(gate, (0.6, None, "alert"), (0.79, None, "alert")))
    verdicts.decide("threshold", _fixed(gate))
    verdicts.decide("retries", "" if gate.tries("measure") else "measure is tried once only.")
    return verdicts


def _uncompiled(observed: Observations, gate: Gate) -> str:
    names = observed.first("pipelines")
    if observed.error and names is None:
        expected = f"expected the pipeline {NAME!r}. What does the error ask for?"
        return f"It raised {raised(observed.error)}; {expected}"
    if names != [NAME]:
        return f"There are pipelines {names}; expected one, {NAME!r}."
    try:
        tasks = gate.tasks
    except PipelineError as error:
        return f"It cannot be read: {error}."
    return "" if tasks == TASKS else f"Its tasks are {tasks}; expected {TASKS}."


def _decide_measure(verdicts: Verdicts, observed: Observations, calls: list) -> None:
    told = observed.first("measured")
    if observed.error or not isinstance(told, list) or len(told) != len(calls):
        why = f"raised {raised(observed.error)}" if observed.error else "is no component"
        verdicts.fail(("measures", "logs_metric"), f"measure {why}.")
        return
    for (right, total), one in zip(calls, told, strict=True):
        called, share = f"measure(right={right}, total={total})", right / total
        value, metrics = one.get("value"), one.get("metrics")
        if not verdicts.get("measures", Verdict("")).feedback:
            wrong = f"{called} gave {value!r}; expected {share}."
            verdicts.decide("measures", "" if _is(value, share) else wrong)
        logged = [metadata.get("accuracy") for metadata in metrics.values()]
        if not verdicts.get("logs_metric", Verdict("")).feedback:
            wrong = f"{called} logged {metrics}; expected accuracy={share}."
            right_one = any(_is(number, share) for number in logged)
            verdicts.decide("logs_metric", "" if right_one else wrong)


def _is(value: Any, share: float) -> bool:
    return isinstance(value, int | float) and abs(value - share) < 1e-3


def _astray(gate: Gate, *cases: tuple[float, float | None, str]) -> str:
    """What is wrong with the ways that shares take at a threshold, None for the default."""
    for share, threshold, way in cases:
        at = DEFAULT if threshold is None else threshold
        with_ = f"A share of {share} at the threshold {at}"
        try:
            taken = gate.ways(share, gate.default("threshold") if threshold is None else threshold)
        except PipelineError as error:
            return f"{with_} cannot be decided: {error}."
        if taken != [way]:
            return f"{with_} leads to {' and '.join(taken) or 'nothing'}; expected {way} alone."
    return ""


def _fixed(gate: Gate) -> str:
    if not _is(gate.default("threshold"), DEFAULT):
        return f"The parameter threshold has the default {gate.default('threshold')}; expected 0.8."
    return _astray(gate, (0.9, 0.95, "alert"), (0.6, 0.5, "register"))
