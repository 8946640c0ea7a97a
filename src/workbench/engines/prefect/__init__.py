"""Prefect: flows performed as they are, each attempt of a task released by the workbench."""

from workbench.engines.registry import Spec

_IDLE_SERVICES = (  # of Prefect's server; a laptop has no use for them
    *("CANCELLATION_CLEANUP", "CLEANUP_RECONCILER", "EVENT_PERSISTER", "FOREMAN"),
    *("LATE_RUNS", "PAUSE_EXPIRATIONS", "REPOSSESSOR"),
)

_GRAPHS = ("parameters", "order-only edges", "skipped branch", "mapped tasks", "growing graph")
_TASKS = (
    "retries",
    "timeout",
    "cached",
    "source",
    "words",
    "hang",
    "corrupt output",
    "kill",
    "answers",
)

SPEC = Spec(
    name="prefect",
    title="Prefect",
    gives="a Prefect flow",
    adapt="workbench.engines.prefect.engine:adapt",
    modules=("prefect",),
    whole=frozenset({"Flow"}),
    reading="workbench.engines.prefect.reading:unperformed",
    distribution="prefect",
    version="3.7.7",
    internals="workbench.engines.prefect.internals",
    imports="import prefect",
    homes={  # Prefect would put the last two into the real home, whatever the first says
        "PREFECT_HOME": "prefect",
        "PREFECT_LOCAL_STORAGE_PATH": "prefect/storage",
        "PREFECT_SERVER_MEMO_STORE_PATH": "prefect/memo_store.toml",
    },
    settings={
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_LOGGING_LEVEL": "INFO",  # for the logs of tasks
        # The console is told less: what it shows has times and ids.
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        **{f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in _IDLE_SERVICES},
    },
    capabilities=frozenset(_GRAPHS + _TASKS),
)
