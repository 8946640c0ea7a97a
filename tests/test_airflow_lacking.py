"""Tasks that cannot run here for want of a cluster or of a value: told before anything runs."""

import pytest

from workbench import PipelineError, Run, run
from workbench.engines.airflow.home import load

pytestmark = [pytest.mark.usefixtures("airflow_home"), pytest.mark.slow]

HEAD = """
import jinja2
from kubernetes.client import models as k8s
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Param, task

"""


def dag_of(tmp_path, code):
    (tmp_path / "dag.py").write_text(HEAD + code)
    [dag] = load(tmp_path / "dag.py").values()
    return dag


def refusal(dag, **options):
    """What a run of it is refused for; empty where it is not."""
    try:
        Run(dag, **options).close()
    except PipelineError as error:
        return str(error)
    return ""


POD = """
def pod(containers=(), **spec):
    return k8s.V1Pod(spec=k8s.V1PodSpec(containers=list(containers), **spec))

def base(**own):
    return k8s.V1Container(name="base", **own)

with DAG("pods", schedule=None):
    @task(executor_config={config})
    def one():
        return 1

    one()
"""


@pytest.mark.parametrize(
    ("config", "given"),
    [
        ("{'pod_override': pod(volumes=[k8s.V1Volume(name='v')])}", "volumes"),
        ("{'pod_override': pod([base(image='x', command=['y'])])}", "command, image"),
        ("{'pod_override': pod([base(), k8s.V1Container(name='side')])}", "a container 'side'"),
        ("{'pod_override': {'spec': {'serviceAccountName': 'me'}}}", "serviceAccountName"),
        ("{'pod_template_file': '/pod.yaml'}", "a template"),
        ("{'KubernetesExecutor': {'image': 'x'}}", "image"),
    ],
)
def test_what_only_a_pod_would_have_is_refused_in_a_line(tmp_path, config, given):
    dag = dag_of(tmp_path, POD.format(config=config))
    words = f"its executor_config gives its pod {given}, which only Kubernetes does"
    why = f"DAG 'pods': task 'one' cannot run: {words}; give Run a stand_in for the task"
    assert refusal(dag) == why
    assert refusal(dag, stand_in={"one": 2}) == ""


@pytest.mark.parametrize(
    "config",
    [
        "{}",
        "{'pod_override': k8s.V1Pod(metadata=k8s.V1ObjectMeta(labels={'a': 'b'}))}",
        "{'pod_override': pod([base(resources=k8s.V1ResourceRequirements())], affinity="
        "k8s.V1Affinity(), tolerations=[k8s.V1Toleration(key='a')])}",
    ],
)
def test_where_a_pod_would_run_makes_no_difference_here(tmp_path, config):
    assert refusal(dag_of(tmp_path, POD.format(config=config))) == ""


TEMPLATED = """
with DAG("t", schedule=None, params={{"known": 1}}{more}):
    say = {text!r}
    BashOperator(task_id="one", bash_command="echo " + say, params={{"own": 2}}, env={{"A": "a"}})
"""


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("{{ params.unknown }}", "params.unknown"),
        ("{{ params['unknown'] | upper }}", "params.unknown"),
        ("{% if params.unknown %}a{% endif %}", "params.unknown"),
        ("{% for x in params.unknown %}a{% endfor %}", "params.unknown"),
        ("{{ dag_run.conf['unknown'] }}", "dag_run.conf.unknown"),
        ("{{ params.known }} {{ params.own }}", ""),
        ("{{ params.get('unknown') }} {{ dag_run.conf.get('unknown') }}", ""),
        ("{{ params.unknown | default(1) }}", ""),
        ("{% if params.unknown is defined %}{{ params.unknown }}{% endif %}", ""),
        ("{{ params.unknown if params.known == 2 else 3 }}", ""),
        ("{{ params.known == 1 or params.unknown }}", ""),
    ],
)
def test_a_template_that_asks_for_what_nobody_gives_is_refused(tmp_path, text, asked):
    """Airflow raises in each that is refused, and in none of the others."""
    dag = dag_of(tmp_path, TEMPLATED.format(text=text, more=""))
    why = f"DAG 't': task 'one' cannot run: its template asks for {asked}, which nothing gives; "
    assert refusal(dag) == (f"{why}give a run parameter" if asked else "")
    run = Run(dag, unknown="hello")
    run.run_all()
    run.close()
    assert run.record.state == "success", run.log("one")


def test_a_dag_that_takes_what_is_undefined_may_ask_for_it(tmp_path):
    more = ", template_undefined=jinja2.Undefined"
    assert refusal(dag_of(tmp_path, TEMPLATED.format(text="{{ params.x }}", more=more))) == ""


OPERATORS = """
from airflow.providers.common.sql.config import DataSourceConfig
from airflow.providers.common.sql.operators.analytics import AnalyticsOperator
from airflow.sdk import BaseOperator

class Own(BaseOperator):
    def execute(self, context):
        return self.rows(context)

    def rows(self, context):
        import nowhere_at_all

class Careful(Own):
    def rows(self, context):
        try:
            import nowhere_at_all
        except ImportError:
            return []

with DAG("operators", schedule=None):
    {operator}(task_id="one"{more})
"""


@pytest.mark.parametrize(
    ("operator", "more", "module"),
    [
        ("Own", "", "nowhere_at_all"),
        ("AnalyticsOperator", ", datasource_configs=[], queries=[]", "datafusion"),
        ("Careful", "", ""),
    ],
)
def test_an_operator_that_imports_what_is_not_installed_is_refused(
    tmp_path, operator, more, module
):
    """One of a provider only for what it says itself that it cannot do without."""
    dag = dag_of(tmp_path, OPERATORS.format(operator=operator, more=more))
    words = "is not installed here; install it, or give Run a stand_in for the task"
    why = f"DAG 'operators': task 'one' cannot run: {module} {words}"
    assert refusal(dag) == (why if module else "")


EVENTS = """
from airflow.sdk import Asset

rows = Asset(name="rows", uri="s3://lake/rows")

with DAG("gives", schedule=None):
    @task(outlets=[rows])
    def give(outlet_events):
        outlet_events[rows].extra = {"hi": "there"}

    give()

with DAG("takes", schedule=None):
    event = "inlet_events.for_asset(uri='s3://lake/rows')"
    last = "echo {{ " + event + "[-1].extra.hi }}"
    BashOperator(task_id="take", inlets=[rows], bash_command=last)
    BashOperator(task_id="count", inlets=[rows], bash_command="echo {{ " + event + " | length }}")
"""


def test_a_template_takes_an_event_when_there_is_one(tmp_path):
    (tmp_path / "dag.py").write_text(HEAD + EVENTS)
    dags = load(tmp_path / "dag.py")
    why = (
        "its template takes an event of s3://lake/rows, of which there is none; run what gives one"
    )
    assert refusal(dags["takes"]) == f"DAG 'takes': task 'take' cannot run: {why}"
    assert run(dags["gives"]).state == "success"
    assert run(dags["takes"]).outputs == {"take": "there", "count": "1"}


CONNECTED = """
from airflow.providers.common.sql.operators.generic_transfer import GenericTransfer

with DAG("connected", schedule=None):
    GenericTransfer(task_id="move", sql="select 1", destination_table="rows",
        source_conn_id={name!r}, destination_conn_id={name!r})
"""


def test_a_connection_that_the_file_names_has_to_be_there(tmp_path, monkeypatch):
    dag = dag_of(tmp_path, CONNECTED.format(name="warehouse"))
    why = "its connection 'warehouse' isn't defined; give it by the environment, AIRFLOW_CONN_WARE"
    assert refusal(dag).startswith(
        f"DAG 'connected': task 'move' cannot run: {why}HOUSE=…, or give"
    )
    assert refusal(dag, stand_in={"move": 1}) == ""
    assert refusal(dag_of(tmp_path, CONNECTED.format(name="{{ ds }}"))) == ""
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", "sqlite://")
    assert refusal(dag) == ""


REFERRING = """
with DAG("templated", schedule=None):
    BashOperator(task_id="one", bash_command="echo {{ conn.warehouse.host }}") >> BashOperator(
        task_id="two", bash_command="echo {{ var.value.made }}")
    BashOperator(task_id="three", bash_command="echo {{ var.json.shop.name }}")
    BashOperator(task_id="four", bash_command="echo {{ var.value.get('other', 'kept') }}"
        "{% if params.get('deep') %}{{ conn.other.host }}{{ var.value.other }}{% endif %}")
"""


def test_a_template_names_connections_and_variables_that_have_to_be_there(tmp_path, monkeypatch):
    dag = dag_of(tmp_path, REFERRING)
    told = "DAG 'templated': task {!r} cannot run: its {} isn't defined; give it by the environment"
    assert refusal(dag).startswith(told.format("one", "connection 'warehouse'"))
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", "http://store")
    assert refusal(dag).startswith(told.format("three", "variable 'shop'"))
    monkeypatch.setenv("AIRFLOW_VAR_SHOP", '{"name": "corner"}')
    record = run(dag)  # a task upstream could have set what "two" asks for
    states = {"one": "success", "two": "failed", "three": "success", "four": "success"}
    assert record.states() == states
    assert [record.outputs[task] for task in ("one", "three", "four")] == [
        "store",
        "corner",
        "kept",
    ]
