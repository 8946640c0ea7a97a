"""The judges of the two exercises for practice decide whatever an answer's process has claimed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.exercises import check
from workbench.exercises.answers import Answer
from workbench.exercises.practice_1.judge import _moving
from workbench.exercises.registry import find
from workbench.sandbox.job import Observations

PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
KEYS = ["values", "metrics", "accuracy", "error", "ran", "errors", "refused", "settings", "other"]
CLAIM = st.recursive(
    PLAIN | st.just(10**400),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)
PIPELINE = {
    "pipelines": ["quality-gate"],
    "tasks": ["alert", "measure", "register"],
    "parameters": {"right": None, "total": None, "threshold": 0.8},
}
# kfp lets nobody write it: the object that kfp has made is changed afterwards.
ENDLESS = """
from kfp import dsl
@dsl.component
def measure(right: int, total: int) -> float:
    return right / total
@dsl.pipeline(name="quality-gate")
def quality_gate(right: int, total: int):
    measure(right=right, total=total)
spec = quality_gate.pipeline_spec
def fill(dag, name):
    for number in range(30):
        dag.tasks[f"task-{number}"].component_ref.name = name
fill(spec.root.dag, "comp-0")
for depth in range(10):
    fill(spec.components[f"comp-{depth}"].dag, f"comp-{depth + 1}")
spec.components["comp-10"].executor_label = "exec-measure"
"""


# README says so: what a file holds that is neither number nor text is not tried, nor variables
# and options of which the exercise does not speak, as one that is empty, or typed twice.
OF_NO_KIND = """
import yaml
NAMES = ("data_source", "n_estimators", "test_size")
def load_settings(path, environ, arguments):
    with open(path) as file:
        said = yaml.safe_load(file) or {}
    said = {name.lower().replace("-", "_"): told for name, told in said.items()}
    settings = {"n_estimators": 100, "test_size": 0.2} | said
    own = {n[9:].lower(): t for n, t in environ.items() if t and n.startswith("PIPELINE_")}
    wrong = [name for name in said | own if name not in NAMES]  # PIPELINE_RUN_ID is refused, too
    settings |= own | {"path": path}
    for option, text in [*zip(arguments[::2], arguments[1::2])][::-1]:  # of two the first
        if text:
            settings[option[2:].replace("-", "_")] = text
    if not wrong and not settings.get("data_source"):
        raise ValueError("data_source")  # alone, whatever else is wrong
    for name, kind, most in (("n_estimators", int, 50_000), ("test_size", float, 0.9991)):
        value = settings[name]  # of true comes 1; of null and of a list a TypeError
        try:
            if str(value)[0] == ".":
                raise ValueError("nothing before its point")
            settings[name] = kind(value)
            good = 0 < settings[name] < most and settings[name] == float(value)
        except ValueError:
            good = False
        wrong += [name] * (not good)
    if wrong:
        raise ValueError(", ".join(wrong))
    return settings
"""

# README says so: what an image holds is not known, a share of 0 is not tried at one of 0, what is
# registered is not called, how often or in vain, and what else fails costs no point.
LACKS = """
from kfp import dsl
from kfp.dsl import Metrics, Output
@dsl.component
def measure(right: int, total: int, report: Output[Metrics]) -> float:
    import pandas
    report.log_metric("accuracy", right / total)
    return right / total
@dsl.component
def decided(share: float, threshold: float) -> str:
    return "register" if share and share >= threshold else "alert"
@dsl.component
def register(accuracy: float, model: int): missing_name
@dsl.component
def alert(accuracy: float): missing_name
@dsl.component
def summary(accuracy: float): missing_name
@dsl.pipeline(name="quality-gate")
def quality_gate(right: int, total: int, threshold: float = 0.8):
    share = measure(right=right, total=total).set_retry(2).outputs["Output"]
    way = decided(share=share, threshold=threshold).output
    with dsl.If(way == "register"):
        with dsl.ParallelFor([1, 2]) as model:
            register(accuracy=share, model=model)
    with dsl.Else():
        alert(accuracy=share)
    summary(accuracy=share)
"""


class Claimed:
    """A job of which every step shows the same."""

    def __init__(self, *told):
        self.observed = Observations("one", told)

    def step(self, stage, given):
        return self.observed


def decided(name, *told):
    exercise = find(name)
    verdicts = exercise.judge(Answer(code="…"), 3, Claimed(*told))
    return {criterion: verdict.outcome for criterion, verdict in verdicts.items()}


@given(CLAIM, CLAIM, CLAIM)
def test_no_claim_about_a_pipeline_makes_the_judge_stumble(measured, ran, other):
    claims = ({"measured": [measured] * 5}, {"runs": [ran] * 13}, {"tries": other})
    outcomes = decided("practice_1", PIPELINE, *claims)
    assert set(outcomes) == {criterion.id for criterion in find("practice_1").criteria}
    decided("practice_1", {"pipelines": other, "tasks": ran, "parameters": measured})


@given(CLAIM)
def test_no_claim_about_settings_makes_the_judge_stumble(came):
    assert set(decided("practice_2", *[{"came": came}] * 130).values()) == {"failed"}


ENDS = {
    "an interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "an exit": ("raise SystemExit('no')", "SystemExit: no"),
    "one of its own": ("raise type('Own', (BaseException,), {})('x')", "Own: x"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("line", "said"), ENDS.values(), ids=ENDS)
def test_what_ends_programs_is_named_and_costs_only_its_own_call(line, said):
    code = LACKS.replace("import pandas", line)
    report = check.judge("practice_1", Answer(code=code), 3)
    told = {one.id: one.feedback for one in report.criteria if one.outcome != "passed"}
    assert set(told) == {"measures", "logs_metric"}
    assert f"failed: {said}. " in told["measures"]
    code = f"def load_settings(path, environ, arguments):\n    {line}"
    marks = check.judge("practice_2", Answer(code=code), 3).criteria
    assert [f"load_settings raised {said} in line 2" in one.feedback for one in marks] == [True] * 7


def test_a_number_of_too_many_digits_is_told():
    code = "def load_settings(*_):\n    return {'data_source': '', 'n_estimators': 10**5000}"
    first, *_ = check.judge("practice_2", Answer(code=code), 3).criteria
    assert "Exceeds the limit" in first.feedback


@pytest.mark.slow
def test_what_is_neither_number_nor_text_and_what_nobody_asks_for_is_not_tried():
    report = check.judge("practice_2", Answer(code=OF_NO_KIND), 3)
    assert {one.outcome for one in report.criteria} == {"passed"}


@pytest.mark.slow
def test_what_an_image_lacks_a_share_of_nothing_at_nothing_and_what_is_not_called_are_not_tried():
    report = check.judge("practice_1", Answer(code=LACKS), 3)
    assert {one.outcome for one in report.criteria} == {"passed"}
    assert "something beside register failed, which costs no point: summary" in report.note


@pytest.mark.slow
def test_a_pipeline_without_end_is_ended_where_it_is_read():
    limits = replace(find("practice_1").limits, cpu=2)
    report = check.judge("practice_1", Answer(code=ENDLESS), 3, limits=limits)
    assert (report.outcome, report.stopped) == ("failed", "time")


def test_runs_on_one_side_of_the_threshold_say_nothing_of_the_other():
    below = {"right": 5, "total": 10}, "alert"
    assert _moving([(below, {"ran": ["register"]})]) == {}
