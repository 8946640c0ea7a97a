"""Decides by what the component `measure` gave, called by itself and in runs of the pipeline."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from workbench.exercises.verdict import Verdicts

INEXACT = 1e-14  # of a share by whatever arithmetic; who rounds is further off
IN_RUNS = "In a run of the pipeline, "
HANDED = "What does the pipeline hand it, or set, that a call by itself does not?"
ASKED = "What does the error ask for?"


def decide_measure(verdicts: Verdicts, told: Any, calls: list[tuple[int, int]], runs: Any) -> None:
    """By all calls, and what tasks of the pipeline made in its runs: the output and the metric that
    is the share in each of them."""
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
    in_runs = list(_in_runs(runs))
    for call, one in in_runs:
        if "error" in one:
            wrong = f"{IN_RUNS}{_told(call)} failed: {str(one['error']).rstrip('.')}. {HANDED}"
            verdicts.fail(("measures", "logs_metric"), wrong)
            return
    verdicts.decide("measures", _not_given(pairs) or _not_given_in(in_runs))
    logged = _not_logged(in_runs)
    verdicts.decide("logs_metric", _not_logged(pairs) or (logged and f"{IN_RUNS}{logged} {HANDED}"))


def _in_runs(runs: Any) -> Iterator[tuple[tuple, dict]]:
    """What tasks `measure` received in runs, and what they made."""
    for run in runs if isinstance(runs, list) else ():
        measured = run.get("measured") if isinstance(run, dict) else ()
        for one in measured if isinstance(measured, list) else ():
            call = one.get("call") if isinstance(one, dict) else None
            numbers = isinstance(call, list) and all(type(it) in (int, float) for it in call)
            if numbers and len(call) == 2 and call[1]:
                yield (
                    tuple(call),
                    one if isinstance(one.get("values"), dict) else {"error": one.get("error")},
                )


def _not_given_in(in_runs: list) -> str:
    for call, one in in_runs:
        if not _has_share(one["values"], call):
            gave = f"{_told(call)} gave {_shown(one['values'])}"
            return f"{IN_RUNS}{gave}; expected {_expected(one['values'].values(), call)}. {HANDED}"
    return ""


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
