"""Apache Airflow: DAGs on Airflow's own scheduling decisions, database and task runner."""

from workbench.engines.registry import Spec

_GRAPHS = ("parameters", "order-only edges", "skipped branch", "mapped tasks", "growing graph")
_TASKS = ("retries", "timeout", "source", "words", "hang", "corrupt output", "kill", "answers")

SPEC = Spec(
    name="airflow",
    title="Airflow",
    gives="an Airflow DAG",
    adapt="workbench.engines.airflow.engine:adapt",
    load="workbench.engines.airflow.home:load",
    modules=("airflow", "workbench.engines.airflow"),
    whole=frozenset({"DAG", "OnDate"}),
    distribution="apache-airflow",
    version="3.3.2",
    internals="workbench.engines.airflow.internals",
    imports="import airflow.sdk",
    left_out=("rfc3987_syntax",),  # a grammar that it imports and never uses: 2 s
    homes={"AIRFLOW_HOME": "airflow"},
    settings={
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        # An asset puts only those DAGs into the queue that are not paused.
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "AIRFLOW__LOGGING__NAMESPACE_LEVELS": (
            "workbench=INFO airflow.dag_processing=CRITICAL airflow.models.crypto=ERROR"
        ),
        # A task's output is read for so long after its end if something it started holds it open.
        "AIRFLOW__WORKERS__SOCKET_CLEANUP_TIMEOUT": "2",
        "AIRFLOW__CORE__DAGBAG_IMPORT_ERROR_TRACEBACK_DEPTH": "50",
        "AIRFLOW_CONN_FS_DEFAULT": '{"conn_type": "fs"}',
    },
    capabilities=frozenset(_GRAPHS + _TASKS),
)
