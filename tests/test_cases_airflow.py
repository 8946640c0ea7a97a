"""DAG files as people have them: names, neighbours, dates, and words of Airflow 2."""

import pytest

from workbench import PipelineError, Run, graph_of, run, things_in
from workbench.engines.airflow.home import load
from workbench.engines.airflow.upgrades import advised

pytestmark = [pytest.mark.usefixtures("airflow_home"), pytest.mark.slow]

HEAD = """
from datetime import datetime
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, TaskGroup, task

"""


def dag_of(path, code):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + code)
    [dag] = load(path).values()
    return dag


NAMED = """
def say(word, **options):
    return PythonOperator(python_callable=lambda: word, **options)

with DAG("named", schedule=None):
    tasks = [
        say("a", task_id="load_a", task_display_name="Load"),
        say("b", task_id="load_b", task_display_name="Load"),
        say("c", task_id="part", task_display_name="Part [1] of 2"),
        say("d", task_id="swapped", task_display_name="other"),
        say("e", task_id="other", task_display_name="third"),
        say("f", task_id="blank", task_display_name="  "),
        say("g", task_id="unlike", task_display_name="ラベル/α"),
    ]
    with TaskGroup("group", group_display_name="All [of] it"):
        tasks += [
            say("h", task_id="x", task_display_name="Same"),
            say("i", task_id="y", task_display_name="Same"),
        ]

    @task(task_display_name="Square [n]")
    def square(n):
        return n * n

    tasks >> square.expand(n=[2, 3])
"""


def test_tasks_keep_apart_whatever_they_are_called_on_the_page(tmp_path):
    record = run(dag_of(tmp_path / "named.py", NAMED))
    assert record.state == "success"
    outputs = {name: record.outputs[name] for name in record.states()}
    assert outputs == {
        "load_a": "a",
        "load_b": "b",
        "Part (1) of 2": "c",
        "swapped": "d",
        "third": "e",
        "blank": "f",
        "ラベル/α": "g",
        "group.x": "h",
        "group.y": "i",
        "Square (n)[0]": 4,
        "Square (n)[1]": 9,
    }


IMPORTS = """
{first}

def late():
    from {module} import later
    return answer() + later()

with DAG("neighbours", schedule=None):
    PythonOperator(task_id="a", python_callable=late)
"""


@pytest.mark.parametrize(
    ("file", "module", "neighbour"),
    [
        ("flat.py", "beside", "beside.py"),
        ("project/dags/team/deep.py", "shared.words", "project/dags/shared/words.py"),
        ("astro/dags/dag.py", "include.words", "astro/include/words.py"),
        ("home/dags/dag.py", "my_plugin", "home/plugins/my_plugin.py"),
    ],
)
def test_a_dag_imports_its_neighbours_when_it_loads_and_when_it_runs(
    tmp_path, file, module, neighbour
):
    beside = tmp_path / neighbour
    beside.parent.mkdir(parents=True, exist_ok=True)
    beside.write_text("def answer():\n    return 40\n\ndef later():\n    return 2\n")
    code = IMPORTS.format(first=f"from {module} import answer", module=module)
    record = run(dag_of(tmp_path / file, code))
    assert record.outputs["a"] == 42, record.error("a")


def test_neighbours_of_two_projects_may_have_one_name(tmp_path):
    code = IMPORTS.format(first="from settings_here import answer", module="settings_here")
    for project, number in (("one", 1), ("two", 2)):
        (tmp_path / project).mkdir()
        module = f"def answer():\n    return {number}\n\ndef later():\n    return {number}\n"
        (tmp_path / project / "settings_here.py").write_text(module)
    dags = [dag_of(tmp_path / name / "dag.py", code) for name in ("one", "two")]
    assert [run(dag).outputs["a"] for dag in dags] == [2, 4]


DATED = """
with DAG("dated", {dates}, schedule="@daily"):
    PythonOperator(task_id="a", python_callable=lambda: 1{own})
"""
START = "start_date=datetime(2025, 1, 1)"
ENDED = f"{START}, end_date=datetime(2025, 1, 5)"


@pytest.mark.parametrize(
    ("dates", "own", "words"),
    [
        (ENDED, "", "its end_date 2025-01-05 has passed, so Airflow makes no tasks"),
        ("start_date=datetime(2099, 3, 1)", "", "its start_date 2099-03-01 is still to come"),
        (START, ", end_date=datetime(2025, 1, 7)", "its end_date 2025-01-07 has passed"),
    ],
)
def test_a_dag_of_another_time_is_refused_before_it_runs_and_still_drawn(
    tmp_path, dates, own, words
):
    dag = dag_of(tmp_path / "dated.py", DATED.format(dates=dates, own=own))
    assert graph_of(dag).tasks == ("a",)
    with pytest.raises(PipelineError, match=rf"^DAG 'dated': {words}[^\n]*$"):
        run(dag)


OLD = """
def deep(dag_run):
    return dag_run.execution_date

with DAG("old", schedule=None):
    PythonOperator(task_id="context", python_callable=lambda **context: context["execution_date"])
    PythonOperator(task_id="argument", python_callable=lambda next_ds: next_ds)
    BashOperator(task_id="template", bash_command="echo {{ tomorrow_ds }}")
    PythonOperator(task_id="attribute", python_callable=deep)
    PythonOperator(task_id="own", python_callable=lambda: {}["concurrency"])
"""


def test_a_word_of_airflow_2_that_only_a_running_task_meets_is_explained(tmp_path):
    record = run(dag_of(tmp_path / "old.py", OLD))
    errors = {task: record.error(task).partition(" → ") for task in record.states()}
    assert {task: advice for task, (_, _, advice) in errors.items()} == {
        "context": "it is logical_date now",
        "argument": "it is data_interval_end | ds now",
        "template": "it is macros.ds_add(ds, 1) now",
        "attribute": "it is logical_date now",
        "own": "",
    }
    assert errors["context"][0] == "KeyError: 'execution_date'"


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        ("ModuleNotFoundError: No module named 'airflow.utils.dates'", "give a fixed day"),
        (
            "AirflowNotFoundException: The conn_id `lake` isn't defined",
            "give it by the environment, AIRFLOW_CONN_LAKE=…",
        ),
        ("ValueError: the dummy column has a concurrency", ""),
        ("KeyError: 'next_dsx'", ""),
    ],
)
def test_advice_is_given_for_airflows_words_only(error, advice):
    assert advised(error).removeprefix(error).removeprefix(" → ").startswith(advice)
    assert bool(advice) == (advised(error) != error)


def test_a_file_that_only_mentions_airflow_is_read_by_what_it_imports(tmp_path):
    path = tmp_path / "ported.py"
    path.write_text(
        '"""What our old airflow DAG did."""\n'
        "# from airflow import DAG\n"
        "from workbench import Pipeline\n\n"
        'ported = Pipeline("ported")\n\n'
        "@ported.task\ndef one():\n    return 1\n"
    )
    assert run(things_in(path)["ported"]).outputs["one"] == 1


OTHER = """
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor

with DAG("waits", schedule=None):
    options = {"external_dag_id": "other", "deferrable": True, "poke_interval": 1}
    for name in ("one", "two"):
        ExternalTaskSensor(task_id=name, timeout=3, **options)
"""


def test_a_deferrable_sensor_of_another_dag_waits_and_is_timed_out(tmp_path):
    record = run(dag_of(tmp_path / "waits.py", OTHER))
    assert (record.state, record.states()) == ("failed", {"one": "failed", "two": "failed"})
    for task in ("one", "two"):
        assert "imeout" in record.error(task), record.error(task)
        assert "SUPERVISOR" not in record.error(task)


def test_a_sensor_that_would_wait_long_for_a_dag_that_is_not_here_is_refused(tmp_path):
    lines = "it waits for a run of DAG 'other', and nothing here starts one; give Run a stand_in"
    for timeout in ("", "timeout=600, "):
        long = dag_of(tmp_path / "waits.py", OTHER.replace("timeout=3, ", timeout))
        with pytest.raises(PipelineError, match=lines):
            run(long)


BROKEN_TRIGGER = """
from airflow.sdk import BaseOperator
from airflow.triggers.base import BaseTrigger

class Broken(BaseTrigger):
    def serialize(self):
        return "broken_trigger.Broken", {}

    async def run(self):
        raise LookupError("no such queue")
        yield

class Waits(BaseOperator):
    def execute(self, context):
        self.defer(trigger=Broken(), method_name="execute")

with DAG("broken", schedule=None):
    Waits(task_id="waits") >> EmptyOperator(task_id="after")
"""


def test_a_trigger_that_fails_is_told_with_its_cause_and_the_run_ends(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    record = run(dag_of(tmp_path / "broken_trigger.py", BROKEN_TRIGGER))
    assert record.state == "failed"
    assert record.states() == {"waits": "failed", "after": "upstream_failed"}
    assert record.error("waits") == "its trigger failed: LookupError: no such queue"


NAMED_ASSETS = """
from airflow.sdk import asset

@asset(uri="s3://lake/raw", schedule=None)
def raw():
    pass

@asset(uri="s3://lake/clean", schedule=None)
def clean(context, raw):
    return len(context["inlet_events"][raw])

@asset(uri="s3://lake/lost", schedule=None)
def lost(context, nobody):
    pass
"""


def test_an_asset_that_a_task_names_is_known_from_the_dag_that_defines_it(tmp_path):
    (tmp_path / "assets.py").write_text(NAMED_ASSETS)
    record = run(load(tmp_path / "assets.py")["clean"])
    assert (record.state, record.outputs) == ("success", {"clean": 0}), record.error("clean")
    with pytest.raises(PipelineError, match="'lost' reads the asset 'nobody', which no DAG in ass"):
        run(load(tmp_path / "assets.py")["lost"])
    execution = Run(load(tmp_path / "assets.py")["lost"], stand_in={"lost": 3})
    execution.run_all()
    assert (execution.record.state, execution.outputs["lost"]) == ("success", 3)


def test_a_log_shows_the_authors_line_wherever_the_file_lies(tmp_path):
    code = "def f():\n    raise ValueError('mine')\n\nwith DAG('d', schedule=None):\n"
    code += "    PythonOperator(task_id='a', python_callable=f)\n"
    execution = Run(dag_of(tmp_path / "site-packages/airflow/dag.py", code))
    execution.run_all()
    execution.close()
    [own] = [line for line in execution.log("a").splitlines() if line.endswith("in f")]
    assert "site-packages/airflow/dag.py" in own
