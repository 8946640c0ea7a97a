"""Records of a graph of two tasks, a → b, for tests that need no run."""

from workbench import Record
from workbench.graph import Graph

GRAPH = Graph.of("ab", [("a", "b")])


def recorded(*events):
    record = Record(GRAPH)
    for at, (kind, task, *more) in enumerate(events):
        record.append(kind, task, float(at), *more)
    return record


RETRIED = (
    ("started", None),
    ("queued", "a", 1),
    ("started", "a", 1),
    ("retrying", "a", 1, {"error": "ValueError: no", "delay": 2}),
    ("started", "a", 2),
    ("succeeded", "a", 2),
    ("started", "b", 1),
    ("failed", "b", 1, "ValueError: bad"),
    ("failed", None),
)
