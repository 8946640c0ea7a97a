"""What is wrong with a run of the flow, in a sentence; empty where nothing is."""

from collections.abc import Callable, Iterable
from math import sqrt
from reprlib import Repr

from workbench.exercises.problem_4 import agreement
from workbench.exercises.problem_4.agreement import ROUNDED
from workbench.exercises.problem_4.errors import LONGEST, in_one
from workbench.exercises.problem_4.flow_run import FLOW, KINDS, PATIENCE, FlowRun
from workbench.exercises.problem_4.leak import SURE
from workbench.exercises.problem_4.rows import FEWEST
from workbench.wording import counted

SAME = 0.05  # by how much accuracy falls at least, when a quarter of the predictions are spoilt
LEAST = 0.4  # share of another model's accuracy that an honest one reaches

SHORT = Repr()  # of what an answer returns, which may be of any length
SHORT.maxstring = 200


def first(wrong: Callable[[FlowRun], str], runs: Iterable[FlowRun]) -> str:
    """What is wrong with the first run with which something is."""
    return next(filter(None, map(wrong, runs)), "")


def no_flow(run: FlowRun) -> str:
    """Whether there is no flow of that name to run."""
    ran = run.reported["ran"]
    if ran.get("flow") or "error" in ran:
        return ""
    if ran.get("instead") is None:
        instead = f"; it has {ran['others']}" if ran.get("others") else ""
        return f"The answer has no Prefect flow {FLOW}{instead}."
    instead = {"NoneType": "None", "function": "a plain function"}
    kind = instead.get(ran["instead"], f"a {ran['instead']}")
    return f"{FLOW} is {kind}; expected a Prefect flow."


def refused(runs: list[FlowRun]) -> bool:
    """Whether no run that names its model types even began a training."""
    return all(run.failure() and not run.fits for run in runs)


def one_by_one(run: FlowRun) -> str:
    begun = len({fit["kind"] for fit in run.fits.values()})
    kinds = f"{counted(begun, 'kind')} of training"
    if begun < len(KINDS):
        return f"{run.call} began {kinds}; expected {len(KINDS)}, all at once."
    scored = ", but those whose models it scored" if run.passed_over else ","
    return (
        f"{run.call} began {kinds}{scored} never all at once: one waited {PATIENCE} s for the "
        "next, and it did not come."
    )


def untracked(run: FlowRun) -> str:
    """Whether the trainings share task runs in Prefect's records, have none, or outlast them, or
    the winner's has failed."""
    around: dict[str, set[str]] = {}  # kind → the task runs in which it was trained
    late = False
    for fit in run.trained:
        end = run.tasks.get(fit["task_run"], {}).get("end")
        outlasts = end is not None and fit.get("moment", end) > end
        late |= outlasts
        within = set() if outlasts else {fit["task_run"]} & set(run.tasks)
        around.setdefault(fit["kind"], set()).update(within)
    owners: dict[str, str] = {}  # task run → kind
    matched = [kind for kind in around if _matched(kind, around, owners, set())]
    if len(matched) >= min(len(KINDS), len(run.kinds)):  # fewer kinds are told elsewhere
        return _left_by_failed(run)
    records = f"a record of {counted(len(run.tasks), 'task run')}, and not of one for each training"
    if late:
        records += ": a training ended after its task run had"
    return f"{run.call} trained {_listed(run.kinds)}; Prefect has {records}."


def _left_by_failed(run: FlowRun) -> str:
    """Whether every task run that trained the winner's kind has failed: it has left its model
    where the flow has looked for it. That of a worse one may refuse it."""
    kind = run.result.get("model_type")
    within = [fit["task_run"] for fit in run.trained if fit["kind"] == kind]
    states = {run.tasks[task]["state"] for task in within if task in run.tasks}
    if not states or states - {"FAILED", "CRASHED"}:
        return ""
    records = f"Prefect's records have the task run that trained it as {_listed(states)}"
    return f"{run.call} chose {kind}; {records}, expected COMPLETED."


def _matched(kind: str, around: dict, owners: dict[str, str], tried: set[str]) -> bool:
    """Give the kind a task run of its own, if others can make way for it."""
    for task in around[kind]:
        if task in tried:
            continue
        tried.add(task)
        if task not in owners or _matched(owners[task], around, owners, tried):
            owners[task] = kind
            return True
    return False


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def trained_others(run: FlowRun) -> str:
    requested = set(run.parameters.get("model_types", KINDS))
    if requested == run.kinds & set(KINDS):
        return ""
    if run.failure() and not run.kinds:
        return run.failure()
    classes = _listed(KINDS[kind] for kind in requested)
    expected = f"expected {_listed(requested)}, each of its own class ({classes})"
    return f"{run.call} trained {_listed(run.kinds)}; {expected}."


def misses_best(run: FlowRun) -> str:
    returned = run.result.get("model_type")
    as_good = (run.winner, run.second) if run.asks_few else (run.winner,)
    if run.failure() or returned in as_good:
        return run.failure()
    if returned is None:
        return _lacking(run)
    came, asked = f"{run.call} returned model_type={SHORT.repr(returned)}", run.asked_to_predict
    if run.winner not in asked:
        return f"{came}, but {run.winner} was not asked to predict anything."
    best = f"the predictions of {run.winner} were by far the most accurate"
    if returned not in KINDS:
        best += "; expected one of the names in model_types"
    elif returned not in asked:
        best = f"{best} of those that were asked for; {returned} itself was not asked to predict"
    elif run.second and returned == run.second:
        best += f", those of {returned} the second"
    return f"{came} where {best}."


def _lacking(run: FlowRun) -> str:
    expected = "expected a dictionary with model_type, accuracy and path"
    return f"{run.call} returned {_described(run)}; {expected}."


def _described(run: FlowRun) -> str:
    return str(run.reported["ran"].get("described"))[:LONGEST]


def chose_by_known(run: FlowRun) -> str:
    returned = f"{run.call} returned model_type={SHORT.repr(run.result.get('model_type'))}"
    return f"{returned} where {run.winner} was by far the most accurate on rows that are new to it."


def not_held_out(default: FlowRun, runs: list[FlowRun]) -> str:
    if not default.scored:
        return f"{default.call} never asked a model to predict anything."
    chosen = [run for run in runs if run.result.get("model_type") == run.winner]
    complete = [run for run in runs if not run.failure()]  # what is cut off might have asked more
    if not _counts_new_rows(default, chosen) and (wrong := first(_leaks, [default, *complete])):
        return wrong
    if wrong := first(_no_share, [default, *runs]):
        return wrong
    if wrong := first(lambda run: _of_others(default, run), chosen):
        return wrong
    return _made_up(default, chosen) or first(_of_few, complete)


def _leaks(run: FlowRun) -> str:
    """Whether a model was scored on rows that it was trained on alone."""
    for kind, known in sorted(run.seen.items()):
        if known:
            share = f"{known:.0%}" if known >= 0.01 else "a few"
            rows = f"of the rows that {kind} was scored on, it had been trained on {share}"
            return f"{run.call}: {rows}; expected rows that are new to it."
    return ""


def _counts_new_rows(default: FlowRun, runs: list[FlowRun]) -> bool:
    """Whether, of rows asked about that were known and new ones, the accuracies tell the new ones:
    the known ones were all made wrong."""
    told = [run for run in runs if run.held_out and run.mixed]
    nearer = [
        run.accuracy - default.accuracy * (1 - run.taken) * (1 - run.mixed / 2) for run in told
    ]
    return bool(told and default.mixed) and sum(nearer) > 0


def _of_others(default: FlowRun, run: FlowRun) -> str:
    """Whether the accuracy cannot be that of the winner in this run, when it is what the default
    run returned in that one.

    Of the rows that it was right about, the share that is spoilt is lost; of the others as many may
    be won. Another kind may be better or worse.
    """
    whole, spoilt = default.accuracy, run.taken
    same = default.result.get("model_type") == run.winner
    returned = f"{run.call} returned accuracy={run.accuracy} for a model that was"
    if run.held_out and run.tells_known and same and run.accuracy < whole * (1 - spoilt) / 2:
        return f"{returned} right about new rows only."
    if run.asked < FEWEST:
        return ""
    low, high = whole * (1 - spoilt), whole * (1 - spoilt) + (1 - whole) * spoilt
    if not same:
        low, high = LEAST * low, max(spoilt, 1 - spoilt)
    probable = (whole * run.asked + 2) / (run.asked + 4)
    varied = 2 * probable * (1 - probable) + run.asks_some * spoilt * (1 - spoilt)
    margin = SURE * sqrt(varied / run.asked) + ROUNDED + 1 / run.asked
    agreed = None if same else agreement.at_least(default, run, margin)
    low = low - margin if agreed is None else agreed
    if low <= run.accuracy <= high + margin:
        return ""
    expected = f"where {default.call} returned {whole}: expected about {(low + high) / 2:.2f}"
    knows = run.knowing == run.winner and run.tells_known
    rows = "the rows that are new to it" if knows else "its rows"
    return f"{returned} made wrong about {spoilt:.0%} of {rows}, {expected}."


def _no_share(run: FlowRun) -> str:
    """Whether what was returned as the accuracy is none."""
    if not run.result or run.has_accuracy:
        return ""
    accuracy = run.result.get("accuracy")
    if accuracy is None:
        return _lacking(run)
    expected = "expected a share of the rows, from 0 to 1"
    return f"{run.call} returned accuracy={in_one(str(accuracy))[:80]}; {expected}."


def _made_up(default: FlowRun, runs: list[FlowRun]) -> str:
    """Whether the accuracy stays what it was when the winner is wrong about many of the rows."""
    few = [run for run in runs if 0 < run.taken < 1 / 2]  # where of few rows none may be spoilt
    same = [run for run in few if run.accuracy > default.accuracy - SAME]
    if not default.accuracy or len(runs) < 2 or not few or len(same) < len(few):
        return ""
    run = same[0]
    if run.asks_few:
        return _of_few(run)
    returned = f"{run.call} returned accuracy={run.accuracy} for a model that"
    return f"{returned} was made wrong about {run.taken:.0%} of the rows it was asked about."


def _of_few(run: FlowRun) -> str:
    """Whether the winner was asked about so few rows that no accuracy tells it from another."""
    if not run.asks_few:
        return ""
    rows = f"for a model that was asked about {counted(run.asked, 'row')}"
    expected = "expected enough to tell it from a worse one"
    return f"{run.call} returned accuracy={run.accuracy} {rows}; {expected}."


def lost(run: FlowRun) -> str:
    """Whether what was saved is not the model that was returned."""
    path, kind = run.result.get("path"), run.result.get("model_type")
    saved, file = run.reported["saved"], SHORT.repr(path)
    if run.failure():  # which has been told
        return ""
    if path is None:
        return _lacking(run)
    if not path:
        return f"{run.call} returned path={file}; expected where the winner was saved."
    if "kind" not in saved:
        why = saved.get("error", "it ends the process that loads it")
        return f"loading {file} failed: {why}."
    if saved["kind"] != kind:
        other = "the model " if saved["kind"] else ""
        return f"{run.call} chose {kind}, but {file} holds {other}{saved['kind'] or saved['type']}."
    if not saved.get("fitted"):
        expected = "expected the one that was trained and scored"
        return f"{file} holds a {kind} that has not been fitted; {expected}."
    if len(saved.get("beside", ())) > 1:
        kinds = _listed(saved["beside"])
        return f"{file} holds {kinds} side by side; expected the winner, {kind}, alone."
    trees = {fit["tree"] for fit in run.fits.values() if "tree" in fit}
    if saved["fit"] is None and saved.get("tree") not in trees:
        return f"{file} holds a {kind} that was not trained in this run."
    if saved["fit"] not in (None, *run.fits):
        return f"{file} holds a model of an earlier run."
    if saved["fit"] and not run.may_be_saved(saved["fit"]):
        other = "another one than was scored, which learned from fewer rows"
        return f"{file} holds a {kind}, but {other}."
    return ""


def accepts(run: FlowRun) -> str:
    """Whether the flow goes on without a model that it does not know, or fails for reasons that
    name it nowhere: neither in what it raises nor in why a task of it failed."""
    raised, unknown = run.reported["ran"].get("raised", ""), run.unknown
    if raised and any(unknown in text for text in (raised, *run.failed)):
        return ""
    returned = SHORT.repr(run.result) if run.result else _described(run)
    came = f"raised {in_one(raised)[:LONGEST]}" if raised else f"returned {returned}"
    return f"{run.call} {came}; expected an error that names {unknown}."
