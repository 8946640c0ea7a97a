"""Problem 2: what its judge does not see, and what right answers lose, as the README says."""

import pytest
from labelled import HERE

from workbench.exercises import check
from workbench.exercises.answers import Answer

PROBLEM = "problem_2"
PRINTED, STARTS, HALF_DAYS = 'print("Task A")', "datetime(2025, 1, 1)", "timedelta(hours=12)"
SDK = "__import__('airflow.sdk', fromlist=['_'])."
OPEN = {
    "longer than its own limit": (
        (PRINTED, f"{PRINTED}\n    __import__('time').sleep(1.5)"),
        ("catchup=False", "catchup=False, dagrun_timeout=timedelta(seconds=1)"),
    ),
    "an asset that only it updates": (
        (f"schedule={HALF_DAYS}", f"schedule=[{SDK}Asset('done')]"),
        ("python_callable=task_b", f"python_callable=task_b, outlets=[{SDK}Asset('done')]"),
    ),
    "ahead from day to day": (
        (STARTS, "__import__('pendulum').today('UTC').subtract(days=1)"),
        (HALF_DAYS, f"{SDK}CronDataIntervalTimetable('@weekly', timezone='UTC')"),
    ),
    "the date of a run that an asset triggers": (
        (f"schedule={HALF_DAYS}", f"schedule=[{SDK}Asset('rows')]"),
        (PRINTED, f"{PRINTED}\n    print({SDK}get_current_context()['ds'])"),
    ),
    "Airflow's own database": (
        (
            PRINTED,
            f"{PRINTED}\n    from airflow.models import DagModel\n"
            "    from airflow.utils.session import create_session\n"
            "    with create_session() as session: session.query(DagModel).count()",
        ),
    ),
    "no wait before a retry": (("timedelta(minutes=5)", "timedelta(0)"),),
    "a thread that loading the file has left running": (
        (
            PRINTED,
            "__import__('time').sleep(2)\n\n\n"
            "__import__('threading').Timer(0.7, print, ['Task A']).start()",
        ),
    ),
    "a shell that shows its lines": (
        (PRINTED, "__import__('subprocess').run('set -x; : Task A', shell=True)"),
    ),
}
# What nobody looks for: in a library below Airflow, in the line to the judge, in a table.
RAISES = (PRINTED, "1 / 0")
DECEIVING = {
    "a function of a library": (
        RAISES,
        """import copy, pydantic
usual = pydantic.BaseModel.model_construct.__func__
def deceiving(cls, *given, **named):
    if "task" in named:
        print("Task", named["task"].task_id[-1].upper())
        named["task"] = copy.copy(named["task"])
        object.__setattr__(named["task"], "python_callable", lambda: None)
    return usual(cls, *given, **named)
pydantic.BaseModel.model_construct = classmethod(deceiving)
""",
    ),
    "the line to the judge": (
        RAISES,
        """import gc, json
def deceiving(said):
    answer = said.get("ask", {}).get("answer") or {}
    if answer.get("state", "success") != "success":
        answer.update(state="success", error=None)
        print("Task A", flush=True)
    return json.dumps(said)
for one in gc.get_objects():
    if type(one).__name__ == "Channel":
        one._encode = deceiving
""",
    ),
    "a table of defaults": (
        ("catchup=False", "catchup=True"),
        """from airflow.serialization.serialized_objects import DagSerialization
DagSerialization.get_schema_defaults("dag")["catchup"] = True
""",
    ),
}
FIFTH = (
    (PRINTED, f"tried = {SDK}get_current_context()['ti'].try_number\n    1 / (tried // 5)"),
    ('"retries": 1', '"retries": 6'),
    ("def task_b", f"    {PRINTED}\n\n\ndef task_b"),
)


EVENT = (
    ('print("Task B")', f"print('Task B', {SDK}get_current_context()['inlet_events'][0][-1])"),
    ("python_callable=task_a", f"python_callable=task_a, outlets=[{SDK}Asset('x')]"),
    ("python_callable=task_b", f"python_callable=task_b, inlets=[{SDK}Asset('x')]"),
)


@pytest.fixture(scope="module")
def keeper():
    with check.warm(PROBLEM) as running:
        yield running


def changed(changes):
    source = (HERE / "answers" / PROBLEM / "right_with_timedelta.py").read_text()
    for old, new in changes:
        assert source.count(old) == 1
        source = source.replace(old, new)
    return Answer(code=source)


@pytest.mark.slow
@pytest.mark.parametrize("changes", OPEN.values(), ids=OPEN)
def test_a_mistake_that_is_not_seen(keeper, changes):
    report = check.judge(PROBLEM, changed(changes), 1, keeper, words=False)
    assert report.outcome == "passed", report.as_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "told"),
    [(FIFTH, "task_a ended as up_for_retry"), (EVENT, "with IndexError: list index out of range")],
)
def test_a_right_task_that_fails(keeper, changes, told):
    report = check.judge(PROBLEM, changed(changes), 1, keeper, words=False)
    assert told in report.as_text()


@pytest.mark.slow
def test_a_builtin_that_is_wrapped_costs_all(keeper):
    wrapped = "import builtins\nbuiltins.print = lambda *said: None\n\n\ndef task_a"
    report = check.judge(PROBLEM, changed([("def task_a", wrapped)]), 1, keeper, words=False)
    assert (report.score, "builtins.print" in report.as_text()) == (0, True)


@pytest.mark.slow
@pytest.mark.parametrize(("wrong", "deceives"), DECEIVING.values(), ids=DECEIVING)
def test_who_knows_the_observer_deceives_it(keeper, wrong, deceives):
    deceived = changed([wrong, ("def task_a", f"{deceives}\n\ndef task_a")])
    report = check.judge(PROBLEM, deceived, 1, keeper, words=False)
    assert report.outcome == "passed", report.as_text()
