"""What is used of Airflow beyond its documented interface, and why; nothing else names it.

Documented are `airflow.sdk`, the public interface page and the configuration. Any release may
change the rest, so Airflow is pinned, and an upgrade is first held against `MEMBERS`.
Airflow is imported inside the functions: it reads its configuration at import, which has to come
after `workspace.start`.
"""

from workbench.engines.airflow.internals import (
    alone,
    asking,
    dags,
    history,
    plugins,
    process,
    retrying,
    runs,
    secrets,
    triggers,
)

MEMBERS = (
    *process.MEMBERS,
    *dags.MEMBERS,
    *runs.MEMBERS,
    *secrets.MEMBERS,
    *history.MEMBERS,
    *plugins.MEMBERS,
    *triggers.MEMBERS,
    *alone.MEMBERS,
    *asking.MEMBERS,
    *retrying.MEMBERS,
)
