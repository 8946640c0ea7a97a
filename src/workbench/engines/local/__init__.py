"""Plain functions, scheduled and executed by the workbench itself."""

from workbench.engines.registry import Spec

SPEC = Spec(
    name="local",
    title="plain Python",
    gives="a Pipeline",
    adapt="workbench.engines.local.engine:adapt",
    modules=("workbench.pipeline",),
    whole=frozenset({"Pipeline"}),
    capabilities=frozenset(
        {
            "parameters",
            "retries",
            "timeout",
            "order-only edges",
            "source",
            "hang",
            "corrupt output",
            "kill",
        }
    ),
)
