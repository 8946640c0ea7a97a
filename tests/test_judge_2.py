"""Problem 2: the judge runs DAGs on Airflow; a broken one fails with what names its defect."""

from dataclasses import replace

import pytest
from labelled import HERE, disagreements, judging, labels

from workbench.exercises import check
from workbench.exercises.answers import Answer
from workbench.exercises.registry import Exercise, find
from workbench.sandbox.client import Keeper

PROBLEM = "problem_2"
QUICK = (
    "right_taskflow_values",
    "right_timetable_flaky",
    "miss_schedule_interval",
    "hostile_patched_airflow",
)
HALF_DAYS = "schedule=timedelta(hours=12)"
EVENTS = (
    "schedule=__import__('airflow.timetables.events', fromlist=['_']).EventsTimetable("
    "[__import__('pendulum').datetime(year, 2, 1) for year in {}])"
)
# A start date that moves on with the clock, as the file is read again, and a schedule beside it.
FIXED, NOW = "datetime(2025, 1, 1)", "datetime.now()"
STARTS = "start_date={},\n    schedule={}"
FIXED_HALF_DAYS = STARTS.format(FIXED, "timedelta(hours=12)")
HALF_DAY_ENDED = (  # such a run begins when its interval is over
    "__import__('airflow.timetables.interval', fromlist=['_'])"
    ".DeltaDataIntervalTimetable(timedelta(hours=12))"
)
TODAY = "__import__('pendulum').today('Europe/Berlin')"
PRINTED = 'print("Task A")'
FAILED_PRINT = """try:
        {}
    except Exception as error:
        {}"""
REPEATED = (  # the words in what Airflow or Python repeats; nothing printed them
    FAILED_PRINT.format('print("Task A" + 1)', "__import__('traceback').print_exc()"),
    FAILED_PRINT.format('print(missing, "Task A")', "__import__('logging').exception('no print')"),
    FAILED_PRINT.format(
        "__import__('subprocess').run('ecko Task A', shell=True, check=True)",
        "__import__('logging').error('failed: %s', error)",
    ),
    "__import__('traceback').print_stack()  # Task A",
    "__import__('logging').info('Task A', 1)",
    "return 'Of this:\\nTask A'",
)
FIRST_TASK = 'PythonOperator(task_id="task_a", python_callable=task_a)'
LOGGED = (  # the same in what Airflow logs of its own, in more lines than one
    "__import__('airflow.providers.standard.sensors.bash', fromlist=['_']).BashSensor("
    "task_id='task_a', bash_command='true\\n# Task A')",
    "__import__('airflow.providers.standard.operators.python', fromlist=['_'])"
    ".ShortCircuitOperator(task_id='task_a', python_callable=lambda: 'Of this:\\nTask A')",
)
LEFT_RUNNING = """__import__('time').sleep(2)


__import__('subprocess').Popen('sleep 0.7; echo Task A', shell=True)
"""
SDK = "__import__('airflow.sdk', fromlist=['_'])."
ASKED = f"""ti = {SDK}get_current_context()['ti']
    asked = {{'dag_id': 'example', 'run_ids': [ti.run_id]}}
    ends = {{'task_a': 'success', 'task_b': 'running'}}
    assert ti.get_task_states(**asked) == {{ti.run_id: ends}}
    assert ti.get_ti_count(**asked, states=['success']) == 1
    assert ti.get_ti_count(**asked | {{'dag_id': 'another'}}) == 0
    print("Task B")"""
# A DAG that ends some days from now, whose first run is due before that, or is not.
BEGAN = "datetime.now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)"
IN_TWENTY_DAYS = "(datetime.now() + timedelta(days=20)).strftime('0 0 %d %m *')"
SOON = "start_date={0},\n    end_date={0} + timedelta(days={1}),\n    schedule={2}"
POLICY = (
    "'retry_policy': (airflow := __import__('airflow.sdk', fromlist=['_'])).ExceptionRetryPolicy("
    "rules=[airflow.RetryRule(exception={}, action=airflow.RetryAction.FAIL)]), 'retries': 1"
)
VARIANTS = (  # of the same answer, as right
    (FIXED_HALF_DAYS, STARTS.format(NOW, '"@daily"')),
    (FIXED_HALF_DAYS, STARTS.format(NOW, "timedelta(hours=12)")),
    (FIXED_HALF_DAYS, STARTS.format("datetime.now() - timedelta(days=2)", HALF_DAY_ENDED)),
    (FIXED_HALF_DAYS, STARTS.format(TODAY + ".add(days=-1)", HALF_DAY_ENDED)),
    (FIXED_HALF_DAYS, STARTS.format(FIXED, HALF_DAY_ENDED)),
    (HALF_DAYS, 'schedule="0 0 29 2 *"'),
    (HALF_DAYS, 'schedule="@once"'),
    (HALF_DAYS, EVENTS.format([2025, 2150])),
    (HALF_DAYS, "schedule=__import__('airflow.sdk', fromlist=['_']).AssetAlias('new rows')"),
    ("python_callable=task_b", "python_callable=task_b, pool='default_pool', pool_slots=2"),
    ("catchup=False", "catchup=False, max_active_runs=1, max_active_tasks=1"),
    ("catchup=False", "catchup=False, dagrun_timeout=timedelta(hours=1)"),
    ('print("Task A")', 'print("Task A"); return "Task A"'),
    ('"retries": 1', '"retries": 10**30'),
    ('"retries": 1', POLICY.format("ValueError")),
    ("hours=12),\n    catchup=False", "hours=12) and '@once',\n    catchup=True"),
    (
        "hours=12),\n    catchup=False",
        "hours=12) and [__import__('airflow.sdk', fromlist=['_']).Asset('x')],\n    catchup=True",
    ),
    (
        "hours=12),\n    catchup=False",
        "hours=12) and '@continuous',\n    catchup=True, max_active_runs=1",
    ),
    (
        "hours=12),\n    catchup=False",
        f"hours=12) and {SDK}PartitionedAssetTimetable(assets={SDK}Asset('x')),\n    catchup=True",
    ),
    ('print("Task B")', ASKED),
    (FIXED_HALF_DAYS, SOON.format(BEGAN, 9, '"@daily"')),
    (FIXED_HALF_DAYS, SOON.format(BEGAN, 99, IN_TWENTY_DAYS)),
    (PRINTED, FAILED_PRINT.format("1 / 0", "__import__('logging').exception('Task A: %s', error)")),
    (
        PRINTED,
        FAILED_PRINT.format("1 / 0", "__import__('traceback').print_exc()") + "\n    " + PRINTED,
    ),
    ("def task_a", "import sys\nsys.excepthook = lambda *error: print(error)\n\n\ndef task_a"),
    ("def task_a", "import gettext\ngettext.install('app')\n\n\ndef task_a"),
)
MUTANTS = (  # of right_with_timedelta: what is replaced, by what, the criterion that names it
    ('dag_id="example"', 'dag_id="examples"', "loads"),
    ("DAG, chain", "Dag, chains", "loads"),
    ('task_id="task_b"', 'task_id="taskB"', "tasks_in_dag"),
    ("chain(first, second)", "chain(second, first)", "dependency"),
    ("chain(first, second)", "", "dependency"),
    ("    schedule=timedelta(hours=12),\n", "", "schedule"),
    ("schedule=timedelta(hours=12)", "schedule=None", "schedule"),
    (HALF_DAYS, 'schedule="0 0 31 2 *"', "schedule"),
    (HALF_DAYS, 'schedule="0 0 30 feb *"', "schedule"),
    (HALF_DAYS, "schedule=[]", "schedule"),
    (HALF_DAYS, EVENTS.format([]), "schedule"),
    (HALF_DAYS, EVENTS.format([2025, 2026]), "schedule"),
    (FIXED_HALF_DAYS, STARTS.format(NOW, HALF_DAY_ENDED), "schedule"),
    ("catchup=False", "catchup=True", "no_backfill"),
    ('print("Task B")', 'print("Task A")', "runs"),
    ('print("Task A")', "print(missing)", "runs"),
    ('print("Task A")', "return 'Task A'", "runs"),
    *((PRINTED, repeated, "runs") for repeated in REPEATED),
    *((FIRST_TASK, logged, "runs") for logged in LOGGED),
    (PRINTED, LEFT_RUNNING, "runs"),
    ("python_callable=task_b", "python_callable=task_b, pool_slots=10**19", "runs"),
    ("python_callable=task_b", "python_callable=task_b, pool='etl'", "runs"),
    ("python_callable=task_b", "python_callable=task_b, max_active_tis_per_dag=0", "runs"),
    ("catchup=False", "catchup=False, max_active_tasks=0", "runs"),
    ("catchup=False", "catchup=False, max_active_runs=0", "runs"),
    ("catchup=False", "catchup=False, dagrun_timeout=timedelta(milliseconds=2)", "runs"),
    ('print("Task A")', "raise AirflowSkipException", "runs"),
    ("python_callable=task_b", "python_callable=task_b, trigger_rule='all_failed'", "runs"),
    ('"retries": 1', '"retries": 0', "retries"),
    ('"retries": 1', POLICY.format("Exception"), "retries"),
    (FIXED_HALF_DAYS, SOON.format(BEGAN, 9, IN_TWENTY_DAYS), "schedule"),
    (', "retry_delay": timedelta(minutes=5)', "", "retries"),
    ("timedelta(minutes=5)", "None", "retries"),
    ("timedelta(minutes=5)", "timedelta(300)", "retries"),  # days, which were to be seconds
)


@pytest.fixture(scope="module")
def keeper():
    with check.warm(PROBLEM) as running:
        yield running


@pytest.fixture(scope="module")
def judged(keeper):
    return judging(PROBLEM, keeper)


@pytest.mark.parametrize("name", QUICK)
def test_a_few_of_them_every_time(judged, name):
    assert disagreements(judged(name), labels("answers", PROBLEM)[name]) == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "criterion"), MUTANTS, ids=[f"{new or old[:20]}" for old, new, _ in MUTANTS]
)
def test_a_mutant_fails_with_the_criterion_that_names_its_defect(keeper, old, new, criterion):
    source = (HERE / "answers" / PROBLEM / "right_with_timedelta.py").read_text()
    assert source.count(old) == 1
    report = check.judge(PROBLEM, Answer(code=source.replace(old, new)), 1, keeper)
    failed = [each.id for each in report.criteria if each.outcome == "failed"]
    assert failed[0] == criterion


@pytest.mark.slow
@pytest.mark.parametrize(("old", "new"), VARIANTS)
def test_a_variant_is_as_right(keeper, old, new):
    source = (HERE / "answers" / PROBLEM / "right_with_timedelta.py").read_text()
    assert source.count(old) == 1
    report = check.judge(PROBLEM, Answer(code=source.replace(old, new)), 1, keeper, words=False)
    assert report.outcome == "passed", report.as_text()


def test_feedback_says_what_airflow_said_and_where(judged):
    first = judged("miss_schedule_interval").criteria[0]
    assert "schedule_interval" in first.feedback
    assert "line 5" in first.feedback


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            "right_with_timedelta",
            "python_callable=task_b",
            "python_callable=task_b()",
            "`python_callable` param must be callable in line 23. Is it the function itself",
        ),
        ("right_with_timedelta", HALF_DAYS, 'schedule="0 0 * *"', "which five fields"),
        ("right_with_timedelta", "catchup=False", "catchup='False'", "'boolean'. Which argument"),
        ("right_with_timedelta", "catchup=False", "retries=2", "or do its tasks, as what stands"),
        (
            "right_with_timedelta",
            "python_callable=task_b",
            "python_callable=task_b, provide_context=True",
            "{'provide_context': True} in line 23. Which of its arguments",
        ),
        ("miss_never_called", "", "", "no DAG in the file. Is a DAG made, and if a function is"),
        (
            "right_with_timedelta",
            "DAG, chain",
            "DAG, chain, days_ago",
            "cannot import name 'days_ago' from 'airflow.sdk' in line 4. Where does",
        ),
        ("right_with_timedelta", "chain(first, second)", "draw(first)", "The workbench is not the"),
        ("miss_load_error_of_lines", "", "", "Error: Set these first: in line 6. What does"),
        ("miss_load_error_of_lines", "    Set these first:", "", "Error: API_URL, API_KEY in line"),
        ("miss_load_error_of_a_group", "", "", "two settings are wrong (2 sub-exceptions) in line"),
        ("miss_load_error_of_lines", '("""', '("""Traceback (most recent call last):', "last):"),
        ("miss_load_error_of_lines", "import os", "import os; os._exit(0)", "was ended, or"),
        ("miss_tests_itself", "", "", "no such table: task_instance in line 31. Here the file is"),
    ],
)
def test_what_airflow_could_not_load_is_told_with_its_line(keeper, name, old, new, told):
    source = (HERE / "answers" / PROBLEM / f"{name}.py").read_text().replace(old, new)
    assert told in check.judge(PROBLEM, Answer(code=source), 1, keeper).criteria[0].feedback


@pytest.mark.slow
def test_a_task_that_never_ends_costs_only_the_run(keeper):
    limits = replace(find(PROBLEM).limits, wall=8)
    report = check.check(PROBLEM, HERE / "corpus" / PROBLEM / "p2dev-012.py", 1, keeper, limits)
    assert (report.stopped, report.score) == ("time", 5.0)
    (run,) = [mark for mark in report.criteria if mark.outcome == "failed"]
    assert run.id == "runs"
    assert "task_b was still running when the time for the answer was over" in run.feedback


TOLD = {  # of tests/unusual: what the report says of the mistake
    "miss_past_end_date": "the end_date lies in the past, and after it Airflow runs nothing",
    "miss_imports_elsewhere": "The answer cell is judged alone: put the import or definition of "
    "BashOperator into it.",
    "miss_retry_misspelt": "The answer has 'retry': Airflow reads retries and retry_delay",
    "miss_prefixed_by_group": "what stands before the dot is the name of a task group",
    "miss_one_of_mapped_fails": "task_b ended as failed with ZeroDivisionError",
    "miss_one_failed_rule": "Its trigger_rule is all_failed.",
}


@pytest.mark.parametrize("name", TOLD)
def test_a_mistake_is_named_once(keeper, name):
    report = check.check(PROBLEM, HERE / "unusual" / PROBLEM / f"{name}.py", 1, keeper)
    assert TOLD[name] in report.as_text()
    assert report.as_text().count(TOLD[name]) == 1


GRADED = "airflow.sdk.execution_time.task_runner:run"
THIEF = f"""
import sys
from take_away import Thief
sys.meta_path.insert(0, Thief(["{GRADED}"]))
"""


@pytest.mark.slow
def test_what_airflow_has_lost_is_not_held_against_an_answer(tmp_path, monkeypatch):
    (tmp_path / "thief.py").write_text(THIEF)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(
        Exercise, "warm", lambda exercise: Keeper(preload=("thief", exercise.probe))
    )
    report = check.check(PROBLEM, HERE / "answers" / PROBLEM / "right_with_timedelta.py", 1)
    assert (report.outcome, report.score) == ("unusable", 0)
    assert f"{GRADED} is gone, needed for running a task of an answer" in report.note
