"""Problem 4: the judge runs flows on Prefect; a broken one fails with what names its defect."""

import pytest
from labelled import HERE, disagreements, judging, labels, reports
from sklearn import datasets
from sklearn.preprocessing import StandardScaler

from workbench.exercises import check
from workbench.exercises.answers import Answer
from workbench.exercises.problem_4 import internals, mistakes
from workbench.exercises.problem_4.flow_run import KINDS, FlowRun
from workbench.exercises.problem_4.rows import nearly_known

runs_flows = pytest.mark.slow  # a Prefect server, and seconds for each run of a flow

PROBLEM = "problem_4"
ALWAYS = ("right_taskflow_pipeline", "hostile_exit_in_flow", "hostile_syntax")
FOREST = "RandomForestClassifier(n_estimators=30)"
ONE_BY_ONE = "(future := train.submit(kind, *parts)).wait() or future for"
ON_ALL_ROWS = "model.fit([*X_train, *X_test], [*y_train, *y_test])"
# Of right_taskflow_pipeline: what is replaced, by what, and the criterion that names the defect.
MUTANTS = (
    ('@flow(name="compare")\n', "", "completes"),
    ("if not scores:", "if scores:", "completes"),
    ("XGBClassifier(n_estimators=30)", FOREST, "trains_requested"),
    ("else list(model_types)", "else list(MODELS)", "trains_requested"),
    ("train.submit(kind, *parts) for", ONE_BY_ONE, "parallel"),
    ("max(scores", "min(scores", "selects_best"),
    ("entry: entry[1]", "entry: entry[0]", "selects_best"),
    ("model.fit(X_train, y_train)", ON_ALL_ROWS, "held_out"),
    ('"model": best[2]', '"model": min(scores, key=lambda entry: entry[1])[2]', "saves"),
    ("unknown = [kind for kind in kinds if kind not in MODELS]",
     "unknown, kinds = [], [kind for kind in kinds if kind in MODELS]", "rejects_unknown"),
    ("except Exception as error", "except KeyError as error", "survives_one_failure"),
)  # fmt: skip


@pytest.fixture(scope="module")
def keeper():
    with check.warm(PROBLEM) as running:
        yield running


@pytest.fixture(scope="module")
def judged(keeper):
    return judging(PROBLEM, keeper)


@runs_flows
@pytest.mark.parametrize("name", ALWAYS)
def test_a_few_of_them_every_time(judged, name):
    assert disagreements(judged(name), labels("answers", PROBLEM)[name]) == {}


@runs_flows
@pytest.mark.parametrize(
    ("old", "new", "criterion"), MUTANTS, ids=[new or old for old, new, _ in MUTANTS]
)
def test_a_mutant_fails_with_the_criterion_that_names_its_defect(keeper, old, new, criterion):
    source = (HERE / "answers" / PROBLEM / "right_taskflow_pipeline.py").read_text()
    assert source.count(old) == 1
    report = check.judge(PROBLEM, Answer(code=source.replace(old, new)), 1, keeper)
    failed = [each.id for each in report.criteria if each.outcome == "failed"]
    assert failed[0] == criterion


@runs_flows
def test_an_exit_in_the_flow_is_told(judged):
    report = judged("hostile_exit_in_flow")
    assert (report.stopped, report.score) == ("exit", 0.0)
    assert "never exits" in report.criteria[0].feedback


@runs_flows
def test_feedback_says_where_the_code_does_not_load(judged):
    first = judged("hostile_syntax").criteria[0]
    assert "SyntaxError" in first.feedback
    assert "line 4" in first.feedback


LOST = """
from prefect import flow
from prefect.exceptions import ObjectNotFound

@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    raise ObjectNotFound(None, "flow run")
"""


@runs_flows
def test_an_error_that_reads_like_one_of_the_judges_server_is_the_answers(keeper, tmp_path):
    (tmp_path / "a.py").write_text(LOST)
    report = check.check(PROBLEM, tmp_path / "a.py", 1, keeper)
    assert (report.outcome, report.exit_code) == ("failed", 1)
    assert "raised ObjectNotFound" in report.criteria[0].feedback


STRANGE = """
import os, urllib.request
request = urllib.request.Request(os.environ["PREFECT_API_URL"] + "/flow_runs/filter", b"{}")
request.add_header("Content-Type", "application/json")
urllib.request.urlopen(request)
"""


@runs_flows
def test_the_judges_own_server_answers_who_knows_its_secret_alone(keeper, tmp_path):
    """Where answers have one loopback in common, another answer's does not."""
    (tmp_path / "a.py").write_text(STRANGE)
    report = check.check(PROBLEM, tmp_path / "a.py", 1, keeper)
    assert "HTTP Error 401" in report.criteria[0].feedback


BROKEN = """
import os, sqlite3
from prefect import flow

@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    database = sqlite3.connect(os.environ["PREFECT_HOME"] + "/prefect.db", timeout=20)
    database.execute("drop table flow_run")
    database.commit()
"""


@runs_flows
def test_what_the_judges_own_server_has_done_wrong_is_not_held_against_an_answer(keeper, tmp_path):
    (tmp_path / "a.py").write_text(BROKEN)
    report = check.check(PROBLEM, tmp_path / "a.py", 1, keeper)
    assert (report.outcome, report.exit_code) == ("unusable", 2)
    assert "500" in report.note  # by which the server itself says so


@runs_flows
def test_what_was_not_tried_is_no_mistake(keeper):
    file = HERE / "unusual" / PROBLEM / "miss_no_result.py"
    first, *others = check.check(PROBLEM, file, 1, keeper).criteria
    assert (first.outcome, {each.outcome for each in others}) == ("failed", {"not_reached"})
    assert "in line 37" in first.feedback
    assert "What does submit give back" in first.feedback


TOLD = {  # of tests/unusual: what the report says of the mistake, and nothing else is told of it
    "miss_accuracy_nan": "returned accuracy=nan; expected a share of the rows",
    "miss_accuracy_beyond_floats": "; expected a share of the rows",
    "miss_cancels_itself": "raised CancelledError: the best has been found in line 35",
    "miss_error_without_text": "raised AttributeError: 'NotGoodEnough' object has no attribute",
    "miss_model_in_place_of_path": "failed: OSError: [Errno 36] File name too long",
    "miss_result_raises_when_asked": "(raises KeyError: 'type')",
    "miss_random_forest_of_xgboost": "trained lightgbm, random_forest, xgboost.XGBRFClassifier",
    "miss_own_class_below_a_relative": "trained lightgbm, random_forest, xgboost.XGBRFClassifier",
    "miss_two_rows_held_out": "for a model that was asked about 2 rows",
    "miss_returns_a_tuple": "returned a tuple; expected a dictionary with model_type, accuracy",
    "miss_path_under_another_name": "a dictionary with model_type, accuracy and model_path; exp",
    "miss_flow_under_another_name": "; it has training_pipeline. Which name does the problem",
    "miss_asks_for_input": "Nobody can type here",
    "miss_no_default": "Which defaults does the problem give",
    "miss_goes_through_none": "What does each name in that line hold",
}


@runs_flows
def test_a_report_says_what_was_returned_or_raised_whatever_it_is():
    for name, report in reports("unusual", PROBLEM, TOLD).items():
        wrong = next(each for each in report.criteria if each.outcome == "failed")
        assert TOLD[name] in wrong.feedback


def test_prefect_looks_for_futures_but_not_in_each_number(monkeypatch):
    from prefect import futures

    class Future(futures.PrefectFuture):
        add_done_callback = wait = result = lambda *_: None
        state = "its state"

        def __init__(self):
            pass

    asked, future = [], Future()
    collect, ring = futures._collect_futures, []
    ring.append(ring)

    def counted(found, expr, context):
        asked.append(expr)
        return collect(found, expr, context)

    monkeypatch.setattr(futures, "_collect_futures", counted)
    internals.pass_over_plain_values()
    plain = {"predictions": [0.5] * 10_000, "pairs": [(0.2, 0.8)] * 10_000, "report": "x" * 10_000}
    result = [plain, {"best": [1, [future]]}, ring]
    resolved = futures.resolve_futures_to_states(result)
    assert resolved[:2] == [plain, {"best": [1, ["its state"]]}]
    assert len(asked) < 20


def test_trainings_that_wait_in_vain_wait_half_as_long_each_time(monkeypatch):
    run, clock, waited = FlowRun("completes", {}), [0.0], []
    monkeypatch.setattr("workbench.exercises.problem_4.flow_run.time.monotonic", lambda: clock[0])
    for number, kind in enumerate(KINDS):
        began = clock[0]
        while not run.begin({"fit": number, "task_run": kind, "kind": kind}):
            clock[0] += 0.25
        waited.append(clock[0] - began)
    assert waited == [5.25, 2.75, 1.5]
    assert not run.met


def test_seconds_in_which_a_training_could_not_ask_are_none_that_it_waited(monkeypatch):
    run, clock = FlowRun("completes", {}), [0.0]
    monkeypatch.setattr("workbench.exercises.problem_4.flow_run.time.monotonic", lambda: clock[0])
    for number, kind in enumerate(KINDS):
        clock[0] += 20.0  # the machine is busy with others
        run.begin({"fit": number, "task_run": kind, "kind": kind})
        clock[0] += 4.0
        assert bool(run.begin({"fit": number, "task_run": kind, "kind": kind})) == bool(run.met)
    assert run.met == (0, 1, 2)


def test_who_trains_all_kinds_in_each_task_trains_others_than_were_asked_for():
    run = FlowRun("trains_requested", {"model_types": ["xgboost"]}, "xgboost")
    for kind in KINDS:
        run.fits[kind] = {"fit": kind, "kind": kind, "task_run": "a", "ended": True, "rows": 400}
    run.scored = [{"scored": "xgboost", "kind": "xgboost"}]
    assert "trained lightgbm, random_forest, xgboost;" in mistakes.trained_others(run)
    del run.fits["lightgbm"]  # a forest alone may have chosen the columns
    assert mistakes.trained_others(run) == ""


def test_a_training_that_outlasts_its_task_run_is_none_of_it():
    run = FlowRun("completes", {})
    for kind in KINDS:
        run.fits[kind] = {"fit": kind, "kind": kind, "task_run": kind, "ended": True, "moment": 5.0}
    ended = {kind: {"state": "COMPLETED", "message": "", "end": 5.5} for kind in KINDS}
    run.reported["records"] = {"tasks": ended}
    assert mistakes.untracked(run) == ""
    ended["xgboost"]["end"] = None  # Prefect has not said so yet
    assert mistakes.untracked(run) == ""
    ended["xgboost"]["end"] = 4.5
    assert "a training ended after its task run had" in mistakes.untracked(run)


def test_trainings_that_wait_two_seconds_for_the_one_before_meet(monkeypatch):
    run, clock = FlowRun("completes", {}), [0.0]
    monkeypatch.setattr("workbench.exercises.problem_4.flow_run.time.monotonic", lambda: clock[0])
    for number, kind in enumerate(KINDS):
        for _ in range(8):
            run.begin({"fit": number, "task_run": kind, "kind": kind})
            clock[0] += 0.25
    assert run.met == (0, 1, 2)


def test_in_two_columns_known_rows_that_are_scaled_apart_are_not_known_again():
    table = datasets.make_moons(300, noise=0.3, random_state=1)[0].astype("float32")
    asked = StandardScaler().fit_transform(table[::5])
    assert nearly_known(asked, StandardScaler().fit_transform(table)) == 0.0
