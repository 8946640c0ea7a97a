"""Decides by what the compiled pipeline does with shares on both sides of a threshold, and by what
its component `measure` gave."""

import random
from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Any

from workbench.exercises.answers import Answer
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import Verdict, Verdicts, raised
from workbench.sandbox.job import Job, Observations

NAME, TASKS, DEFAULT = "quality-gate", ("measure", "register", "alert"), 0.8
INEXACT = 1e-14  # of a share by whatever arithmetic; who rounds is further off
AS_MANY = {  # of the two ways → what to think about, where it is not the other one that was taken
    0: " What runs where your condition holds, and what where it does not?",
    2: " What runs whatever your condition says?",
}
ASKED = "What does the error ask for?"
WRITTEN = "What is written behind threshold where your pipeline's function begins?"
Run = tuple[dict[str, Any], str]  # its parameters, and the way that it has to take


def judge(exercise: Exercise, answer: Answer, seed: int, job: Job | None) -> dict[str, Verdict]:
    """Every criterion by one look at the pipeline, calls of a component, and runs."""
    verdicts, draw = Verdicts(exercise.thoughts), random.Random(seed)
    calls, ways = _calls(draw), _ways(draw)
    runs = [parameters for cases in ways.values() for parameters, _ in cases]
    observed = job.step("compiles", {"calls": calls, "runs": runs})
    if observed.stopped and observed.first("tasks") is None:
        return verdicts
    parameters, taken = observed.first("parameters"), observed.first("runs")
    if wrong := _uncompiled(observed):
        verdicts.decide("compiles", wrong)
        return verdicts
    parameters = parameters if isinstance(parameters, dict) else {}
    verdicts.decide("compiles", _unasked(parameters))
    if observed.stopped and observed.first("measured") is None:
        return verdicts
    _decide_measure(verdicts, observed.first("measured"), calls)
    if observed.stopped:
        return verdicts
    taken = taken if isinstance(taken, list) else []
    for criterion, cases in ways.items():
        came, taken = taken[: len(cases)], taken[len(cases) :]
        wrong = _other_default(parameters) if criterion == "threshold" else ""
        verdicts.decide(criterion, wrong or _astray(cases, came))
    tries = observed.first("tries")
    again = isinstance(tries, int) and tries > 1
    verdicts.decide("retries", "" if again else "measure is tried once only.")
    return verdicts


def _calls(draw: random.Random) -> list[tuple[int, int]]:
    """Pairs of right and total, whose shares nobody can write down: they have no end."""
    totals = draw.sample((7, 13, 17, 19, 23, 29, 31, 37, 43, 47, 997), 4)
    return [(draw.randint(1, total - 1), total) for total in totals] + [
        (0, totals[0]),
        (totals[1],) * 2,
    ]


def _ways(draw: random.Random) -> dict[str, list[Run]]:
    """The runs of each criterion; the threshold is always given, but in the last."""

    def run(right: int, total: int, threshold: float | None, way: str) -> Run:
        given = {} if threshold is None else {"threshold": threshold}
        return {"right": right, "total": total} | given, way

    tenth, many = draw.randint(2, 9), draw.randint(11, 99)
    high, low = draw.choice((0.9, 0.93, 0.97)), draw.choice((0.3, 0.41, 0.5))
    return {
        "registers": [
            run(8 * tenth, 10 * tenth, DEFAULT, "register"),
            run(draw.randint(81, 99), 100, DEFAULT, "register"),
            run(8 * many + 1, 10 * many, DEFAULT, "register"),
            run(many, many, DEFAULT, "register"),
        ],
        "alerts": [
            run(draw.randint(30, 79), 100, DEFAULT, "alert"),
            run(8 * many - 1, 10 * many, DEFAULT, "alert"),
            run(0, many, DEFAULT, "alert"),
        ],
        "threshold": [
            run(draw.randint(81, 89), 100, high, "alert"),
            run(draw.randint(51, 79), 100, low, "register"),
            run(draw.randint(76, 79), 100, None, "alert"),
            run(draw.randint(81, 84), 100, None, "register"),
        ],
    }


def _uncompiled(observed: Observations) -> str:
    """Why there is no pipeline to look at; nothing if there is."""
    names, tasks = observed.first("pipelines"), observed.first("tasks")
    if observed.error and (names is None or names == [NAME]):
        return f"It raised {raised(observed.error)}; expected the pipeline {NAME!r}. {ASKED}"
    if names != [NAME]:
        return f"There are pipelines {names}; expected one, {NAME!r}."
    if not isinstance(tasks, list) or not set(TASKS) <= set(map(str, tasks)):
        among = f"expected {', '.join(TASKS)} among them. Which is not called in its function?"
        return f"Its tasks are {tasks}; {among}"
    return ""


def _unasked(parameters: Mapping[str, Any]) -> str:
    if {"right", "total"} <= parameters.keys():
        return ""
    asked = f"Its parameters are {list(parameters)}; expected right, total and threshold."
    return f"{asked} What does the pipeline's function take?"


def _decide_measure(verdicts: Verdicts, told: Any, calls: list[tuple[int, int]]) -> None:
    """By all calls: the output and the metric that is the share in each of them."""
    came = [one if isinstance(one, dict) else {} for one in told] if isinstance(told, list) else []
    pairs = list(zip_longest(calls, came[: len(calls)], fillvalue={}))
    errors = ((call, one) for call, one in pairs if not isinstance(one.get("values"), dict))
    if (first := next(errors, None)) is not None:
        call, one = first
        wrong = f"{_told(call)} failed: {one.get('error')}"
        thought = "What of it is not in its own function, which is compiled alone?"
        thought = thought if "NameError" in wrong else ASKED
        verdicts.fail(("measures", "logs_metric"), f"{wrong.rstrip('.')}. {thought}")
        return
    verdicts.decide("measures", _not_given(pairs))
    verdicts.decide("logs_metric", _not_logged(pairs))


def _not_given(pairs: list) -> str:
    names = {name for _, one in pairs for name in one["values"]}
    if any(all(_is_share(one["values"].get(name), call) for call, one in pairs) for name in names):
        return ""
    wrong = (pair for pair in pairs if not _has_share(pair[1]["values"], pair[0]))
    call, one = next(wrong, pairs[0])
    expected = _expected(one["values"].values(), call)
    return f"{_told(call)} gave {_shown(one['values'])}; expected {expected}."


def _not_logged(pairs: list) -> str:
    for call, one in pairs:
        metrics = one.get("metrics")
        logged = metrics.values() if isinstance(metrics, dict) else ()
        logged = [metadata.get("accuracy") for metadata in logged if isinstance(metadata, dict)]
        if not any(_is_share(value, call) for value in logged):
            return f"{_told(call)} logged {metrics}; expected accuracy={_expected(logged, call)}."
    return ""


def _told(call: tuple[int, int]) -> str:
    return f"measure(right={call[0]}, total={call[1]})"


def _shown(values: Mapping[str, Any]) -> str:
    """The single value, or several by name."""
    return repr(next(iter(values.values()))) if len(values) == 1 else str(values or "no value")


def _has_share(values: Mapping[str, Any], call: tuple[int, int]) -> bool:
    return any(_is_share(value, call) for value in values.values())


def _is_share(value: Any, call: tuple[int, int]) -> bool:
    share = call[0] / call[1]  # of an int of any length no difference could be taken
    return isinstance(value, int | float) and share - INEXACT <= value <= share + INEXACT


def _expected(values: Iterable[Any], call: tuple[int, int]) -> str:
    """The share, and that it was rounded if one of the values is that."""
    share = call[0] / call[1]
    rounded = any(round(share, digits) in values for digits in range(1, 14))
    return f"{share}, which is not rounded" if rounded else str(share)


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


def _astray(cases: list[Run], came: list) -> str:
    """What is wrong with the ways that runs have taken."""
    told = [one if isinstance(one, dict) else {} for one in came]
    for (parameters, way), one in zip_longest(cases, told, fillvalue={}):
        given = ", ".join(f"{name}={value}" for name, value in parameters.items())
        ran, errors = one.get("ran"), one.get("errors") or one.get("error")
        ran = ran if isinstance(ran, list) else []
        taken = [name for name in map(str, ran) if name in ("register", "alert")]
        if taken == [way]:  # what else goes wrong is none of its way
            continue
        if errors or not ran:
            why = "; ".join(map(str, errors)) if isinstance(errors, list) else errors
            return f"A run with {given} failed: {why}; expected {way} to run. {ASKED}"
        names = " and ".join(taken) or "neither register nor alert"
        wrong = f"In a run with {given}, {names} ran; expected {way} alone."
        return wrong + AS_MANY.get(len(taken), "")
    return ""
