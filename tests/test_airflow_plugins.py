"""Plugins of a project: what they register, its DAGs may name."""

import importlib.util
from pathlib import Path

import pytest

from workbench import PipelineError, run
from workbench.engines.airflow.home import database, load

pytestmark = [pytest.mark.usefixtures("airflow_home"), pytest.mark.slow]

PLUGIN = """
from airflow.plugins_manager import AirflowPlugin
from airflow.task.priority_strategy import PriorityWeightStrategy
from airflow.timetables.trigger import CronTriggerTimetable

class Later(PriorityWeightStrategy):
    def get_weight(self, ti):
        return {weight}

class Weekly(CronTriggerTimetable):
    def __init__(self):
        super().__init__("0 0 * * 0", timezone="UTC")
    def serialize(self):
        return {{}}
    @classmethod
    def deserialize(cls, data):
        return cls()

def shout(text):
    return text.upper()

class Ours(AirflowPlugin):
    name = "ours"
    macros = [shout]
    priority_weight_strategies = [Later]
    timetables = [Weekly]
"""
PLUGGED = """
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from ours import Later, Weekly

with DAG("plugged", schedule=Weekly()):
    BashOperator(
        task_id="say", weight_rule=Later(), bash_command="echo {{ macros.ours.shout('loud') }}"
    )
"""


@pytest.mark.parametrize("folder", ["dags", "."], ids=["beside the folder dags", "beside the file"])
def test_a_dag_has_the_plugins_of_its_project_as_they_are_now(tmp_path, folder):
    (tmp_path / "plugins").mkdir()
    (tmp_path / folder).mkdir(exist_ok=True)
    file = tmp_path / folder / "plugged.py"
    file.write_text(PLUGGED)
    for weight in (3, 5):
        (tmp_path / "plugins" / "ours.py").write_text(PLUGIN.format(weight=weight))
        record = run(load(file)["plugged"])
        assert (record.state, record.outputs["say"]) == ("success", "LOUD"), record.error("say")
        with database() as session:
            from airflow.models.taskinstance import TaskInstance

            assert {row.priority_weight for row in session.query(TaskInstance)} >= {weight}


def test_a_broken_plugin_is_told_of_only_by_a_dag_that_needs_it(tmp_path):
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "ours.py").write_text(PLUGIN.format(weight=1) + "1 / 0\n")
    (tmp_path / "plugged.py").write_text(PLUGGED.replace("from ours", "from other"))
    (tmp_path / "other.py").write_text(PLUGIN.format(weight=1))
    with pytest.raises(PipelineError, match=r"not registered.*ours\.py: division by zero"):
        run(load(tmp_path / "plugged.py")["plugged"])
    plain = PLUGGED.replace("from ours import Later, Weekly", "")
    plain = plain.replace("Weekly()", "None").replace("weight_rule=Later(), ", "")
    (tmp_path / "plugged.py").write_text(plain.replace("macros.ours.shout('loud')", "1"))
    assert run(load(tmp_path / "plugged.py")["plugged"]).state == "success"


@pytest.mark.parametrize("name", ["custom_weight", "workday_timetable"])
def test_airflows_examples_have_airflows_example_plugins(name):
    [folder] = importlib.util.find_spec("airflow.example_dags").submodule_search_locations
    file = Path(folder, f"example_{name}.py")
    assert run(load(file)[f"example_{name}"]).state == "success"
