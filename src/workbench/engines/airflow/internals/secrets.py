"""Connections and variables, wherever Airflow finds such: the environment, a store, a database."""

from workbench.engines.members import members_of

MEMBERS = (
    *members_of(
        "airflow.models.connection:Connection",
        "refusing a task whose connection is not there; without it the task fails",
        get_connection_from_secrets="conn_id",
    ),
    *members_of(
        "airflow.models.variable:Variable",
        "refusing a task whose variable is not there; without it the task fails",
        get_variable_from_secrets="key",
    ),
)


def has_connection(name: str) -> bool:
    """Whether Airflow finds a connection: in the environment, a store of secrets, or here."""
    from airflow.exceptions import AirflowNotFoundException
    from airflow.models.connection import Connection

    try:
        return Connection.get_connection_from_secrets(name) is not None
    except AirflowNotFoundException:
        return False


def has_variable(name: str) -> bool:
    """Whether Airflow finds a variable: in the environment, a store of secrets, or here."""
    from airflow.models.variable import Variable

    return Variable.get_variable_from_secrets(name) is not None
