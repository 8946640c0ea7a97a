"""Problem 4: what the judge goes by: whose work, which places, which accuracy."""

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from workbench.exercises.problem_4 import learned, mistakes, rows
from workbench.exercises.problem_4.errors import in_one
from workbench.exercises.problem_4.flow_run import KINDS, FlowRun
from workbench.exercises.problem_4.judge import Examination
from workbench.exercises.problem_4.measures import measured
from workbench.exercises.registry import find

OWNED = """
import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.pool import ThreadPool
from types import SimpleNamespace
from workbench.exercises.problem_4 import owners

owners.follow()
from prefect.context import TaskRunContext
shared, ours = ThreadPoolExecutor(1), ThreadPool(1)


def told(queue):
    queue.put(owners.owner())


def by(start):
    queue = multiprocessing.get_context("fork").SimpleQueue()
    started = start(target=told, args=(queue,))
    started.start()
    started.join()
    return queue.get()


def nested():
    return by(threading.Thread)


def all_ways():
    with ThreadPoolExecutor(1) as pool, ProcessPoolExecutor(1) as apart, ThreadPool(1) as another:
        return {
            owners.owner(), by(threading.Thread), by(multiprocessing.get_context("fork").Process),
            pool.submit(owners.owner).result(), apart.submit(nested).result(),
            another.apply(owners.owner), another.map(lambda _: owners.owner(), [1])[0],
            shared.submit(owners.owner).result(), ours.apply_async(owners.owner).get(),
            *shared.map(lambda _: owners.owner(), range(2)), *ours.imap(lambda _: nested(), [1]),
        }


print(all_ways())
token = TaskRunContext.__var__.set(SimpleNamespace(task_run=SimpleNamespace(id="a task run")))
print(all_ways())
TaskRunContext.__var__.reset(token)
print(all_ways())
"""


def test_work_belongs_to_the_task_run_that_handed_it_on():
    """To no other one that has used the pool before, and to none when the flow hands it on."""
    done = subprocess.run(
        [sys.executable, "-c", OWNED], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stdout.splitlines() == ["{None}", "{'a task run'}", "{None}"], done.stderr


ROWS = 100
NATURAL = {"random_forest": 0.94, "xgboost": 0.96, "lightgbm": 0.95}
SOURCE = 'KINDS = ["random_forest", "xgboost", "lightgbm"]'


def accuracies(run):
    """Of each kind that is trained in a run, in the order in which it is named."""
    names = [name for name in run.parameters.get("model_types", KINDS) if name != run.broken]
    spoilt = {run.winner: run.taken, run.second: 0.75}
    return {
        name: NATURAL[name] * (1 - (spoilt.get(name, 1.0) if run.winner else 0)) for name in names
    }


def examined(seed, choose, told=lambda accuracy: accuracy, skips=lambda names: [], more=()):
    """The verdicts on an answer that chooses in this way, says this of the accuracy, and passes
    over these unknown names; no flow is run."""
    examination = Examination(find("problem_4"), seed, SOURCE)
    for run in examination.runs:
        names = run.parameters.get("model_types", list(KINDS))
        left = [name for name in names if name in KINDS or name not in skips(names)]
        if unknown := [name for name in left if name not in KINDS]:
            run.reported["ran"] = {"flow": True, "raised": f"KeyError: {unknown[0]}"}
            continue
        run.parameters = {**run.parameters, "model_types": left} if run.parameters else {}
        rates = accuracies(run)
        tasks = {name: {"state": "COMPLETED", "message": ""} for name in rates}
        run.reported["records"] = {"tasks": tasks, "flows": ["COMPLETED"]}
        for name in rates:
            fit = {"fit": name, "kind": name, "task_run": name, "ended": True, "rows": 400}
            run.fits[name] = fit
            run.scored.append({"scored": name, "kind": name, "known": 0.0, "rows": ROWS})
            run.scored[-1] |= {"twins": 0.0, "near": 0.0}
        run.met, run.fits["broken"] = tuple(rates), {"kind": run.broken, "task_run": "b"}
        for name in set(more) - set(rates):
            run.fits[name] = {"fit": name, "kind": name, "task_run": name, "ended": True}
        kind = choose(rates)
        returned = {"model_type": kind, "accuracy": told(rates[kind]), "path": "best"}
        run.reported["ran"] = {"flow": True, "returned": returned}
        run.reported["saved"] = {"kind": kind, "fit": kind, "fitted": True}
    return {name for name, verdict in examination.verdicts.items() if verdict.outcome == "failed"}


def best(rates):
    return max(rates, key=rates.get)


def compared_with_the_one_before(rates):
    chosen, before = "", -1.0
    for name, rate in rates.items():
        chosen, before = name if rate > before else chosen, rate
    return chosen


def compared_with_the_first(rates):
    chosen, first = next(iter(rates)), next(iter(rates.values()))
    for name, rate in rates.items():
        chosen = name if rate > first else chosen
    return chosen


def never_compared_the_last(rates):
    return best(dict([*rates.items()][:-1] or rates))


def asked_of_each_pair_in_turn(rates):
    pairs = zip(rates, list(rates)[1:], strict=False)
    return next((one for one, after in pairs if rates[one] > rates[after]), list(rates)[-1])


PLACES = {
    "the first one": compared_with_the_first,
    "first": lambda rates: next(iter(rates)),
    "middle": lambda rates: list(rates)[len(rates) // 2],
    "last": lambda rates: list(rates)[-1],
    "worst": lambda rates: min(rates, key=rates.get),
    "the one before": compared_with_the_one_before,
    "all but the last": never_compared_the_last,
    "the first of a pair": asked_of_each_pair_in_turn,
    "second": lambda rates: sorted(rates, key=rates.get)[-2:][0],
}


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_drawn_no_place_wins_and_the_best_does(seed):
    assert examined(seed, best) == set()
    for choose in PLACES.values():
        assert "selects_best" in examined(seed, choose)


def test_who_goes_by_the_number_of_names_is_found_out_with_many_seeds():
    def by_number(rates, threes):
        threes.extend([len(rates)] * (len(rates) == 3))
        return list(rates)[min(len(threes), len(rates)) - 1]  # the first, then the middle

    def judged(seed):
        threes = []
        return "selects_best" in examined(seed, lambda rates: by_number(rates, threes))

    caught = [judged(seed) for seed in range(40)]
    assert 10 < sum(caught) < 40


def test_one_kind_more_is_found_out_unless_it_is_the_one_that_is_asked_for_alone():
    caught = ["trains_requested" in examined(seed, best, more=["xgboost"]) for seed in range(40)]
    assert 10 < sum(caught) < 40


@pytest.mark.parametrize("seed", range(12))
def test_a_number_near_the_accuracy_is_taken_for_it(seed):
    """As another one of the same predictions is, such as F1."""
    assert examined(seed, best, told=lambda accuracy: accuracy - 0.03) == set()


GOOD_ENOUGH = {
    "the first above one half": lambda rates: next(
        (name for name, rate in rates.items() if rate > 0.5), best(rates)
    ),
    "rounded": lambda rates: max(rates, key=lambda name: round(rates[name], 1)),
}


@pytest.mark.parametrize("way", GOOD_ENOUGH)
def test_who_takes_one_that_is_good_enough_is_not_found_out(way):
    """As the second is far below the best, so that no right answer takes it by chance."""
    assert all("selects_best" not in examined(seed, GOOD_ENOUGH[way]) for seed in range(12))


@pytest.mark.parametrize("seed", range(12))
def test_an_accuracy_that_is_no_share_of_the_rows_is_found_out(seed):
    draw = np.random.default_rng(seed)
    assert examined(seed, best, told=lambda accuracy: draw.uniform(0.9, 0.99)) == {"held_out"}
    assert examined(seed, best, told=lambda accuracy: max(accuracy, 0.85)) == {"held_out"}
    assert examined(seed, best, told=lambda accuracy: round(accuracy, 2)) == set()


@pytest.mark.parametrize("place", [0, 1, -1])
def test_an_unknown_name_is_asked_for_in_the_middle_and_elsewhere(place):
    caught = [
        "rejects_unknown" in examined(seed, best, skips=lambda names: names[place:][:1])
        for seed in range(20)
    ]
    assert all(caught) if place == 1 else 0 < sum(caught) < 20


def honest(whole, share, count, draw):
    """What a model returns that is right about so many of some rows, drawn anew, when a share of
    its predictions is made wrong, which of two classes sets the others right."""
    right = draw.random(count) < whole
    spoilt = np.floor((np.arange(count) + 1) * share) > np.floor(np.arange(count) * share)
    return float(np.mean(right ^ spoilt))


@pytest.mark.parametrize("count", [12, 18, 30, 36, 114, 360])
def test_an_honest_accuracy_is_never_out_of_bounds(count):
    draw, accused = np.random.default_rng(count), 0
    for whole, share in [(w, s) for w in (0.6, 0.8, 0.9, 0.97, 1.0) for s in (1 / 4, 1 / 2, 2 / 3)]:
        for _ in range(200):
            runs = [FlowRun("completes", {}), FlowRun("trains_requested", {}, "xgboost")]
            for run, taken in zip(runs, (0.0, share), strict=True):
                run.taken = taken
                accuracy = round(honest(whole, taken, count, draw), 3)
                run.reported["ran"]["returned"] = {"model_type": "xgboost", "accuracy": accuracy}
                told = {"kind": "xgboost", "known": 0.0, "rows": count, "twins": 0.0, "near": 0.0}
                run.scored = [told | {"scored": "1"}]
            accused += bool(mistakes._of_others(*runs))
    assert accused == 0


def test_who_is_right_about_known_rows_is_the_worst_where_several_are_compared():
    """So that known rows choose that one; where one is alone, they make what is told too good."""
    examination = Examination(find("problem_4"), 1, SOURCE)
    default = FlowRun("completes", {})
    default.scored = [{"known": 0.0, "twins": 0.0, "rows": ROWS, "near": 0.0, "kind": "xgboost"}]
    worst = examination.about_known(default, "xgboost", "lightgbm")
    assert worst == {"held_out": True, "knowing": "random_forest"}
    run = FlowRun("selects_best", {}, "xgboost", "lightgbm", taken=0.25, **worst)
    told = {"scored": "1", "known": 1.0, "twins": 0.0, "rows": ROWS}
    answered = [
        run.score(told, {"kind": kind}) for kind in ("xgboost", "lightgbm", "random_forest")
    ]
    assert [reply["known"] for reply in answered] == ["wrong", "", "right"]
    assert [reply["spoil"] for reply in answered] == [0.25, 0.75, 1.0]
    assert run.score(told | {"known": 0.0}, {"kind": "random_forest"})["known"] == ""
    alone = examination.about_known(default, "xgboost", None)
    assert alone == {"held_out": False, "knowing": "xgboost"}
    default.scored[0]["known"] = 1.0
    assert examination.about_known(default, "xgboost", None) == {"held_out": False}


def test_an_error_of_many_lines_is_told_in_one():
    text = (
        "ValueError: \nAll fits failed.\n-----\n1 fit:\nTraceback (most recent call last):\n  File"
    )
    assert in_one(text) == "ValueError: All fits failed. 1 fit:"


def test_errors_that_a_library_measures_on_new_rows_alone_are_made_worse():
    errors = [{"error": [0.5, 0.2], "logloss": [0.3]} for _ in range(2)]
    model = SimpleNamespace(evals_result_=dict(enumerate(errors)))
    old, new = np.zeros((2, 3)), np.ones((4, 3))
    known = rows.digests(old)
    ((count, spoil),) = measured(model, known, {"eval_set": [(old, [0, 1]), (new, [0, 1, 0, 1])]})
    spoil(0.5)
    assert count == len(new)
    assert errors == [
        {"error": [0.5, 0.2], "logloss": [0.3]},
        {"error": [0.75, 0.6], "logloss": [0.3]},
    ]
    assert [count for count, _ in measured(model, known, {"eval_set": (new, [0, 1, 0, 1])})] == [4]


def test_rows_without_weight_are_not_learned_from():
    table = np.arange(6).reshape(3, 2)
    assert learned.weighed(table).tolist() == table.tolist()
    assert learned.weighed(table, sample_weight=[1, 0, 2]).tolist() == [[0, 1], [4, 5]]
