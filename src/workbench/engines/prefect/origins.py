"""Which calls' results another call receives: edges of a flow whose calls pass plain values.

Prefect knows the edge where a future or a state is passed. A direct call returns the bare value,
and equal values say nothing: two tasks may both return 1000. So each value that a call gives is an
object that nobody else has, kept alive until the flow ends, and its `id` then tells where a
parameter came from. It fails to see an edge, and never invents one:
* for the objects that Python has only once (None, True, one-letter strings), unless the source
  says it (`written`),
* for a value that the flow computes from results (``total + 1``), or a number or string that it
  takes out of one; in collections deeper than four levels, or behind the first thousand items,
* for an object that one task passes on to the next, which belongs to both.
What runs again after a retry then goes by time: whatever was called after the task ended.
"""

import marshal
import pickle
import struct
from collections.abc import Iterator
from itertools import islice
from typing import Any

from prefect.futures import PrefectFuture
from prefect.states import State
from prefect.utilities.annotations import BaseAnnotation

from workbench.storage import ATOMS

DEPTH, WIDTH = 4, 1000  # how far into collections values are looked for


class Origins:
    """The objects of one flow and the calls that gave them. Not thread-safe."""

    def __init__(self) -> None:
        # By id: the object itself, since an id is given away again when its object is gone; and the
        # call that gave it, None where it is the flow's own or of several calls.
        self._owners: dict[int, tuple[Any, str | None]] = {}

    def given(self, call: str, value: Any) -> Any:
        """The value that ``call`` gives, as an object of its own where that is possible."""
        copy = _another(value)
        if copy is value and type(value) in (*ATOMS, tuple):
            return value
        self._owners[id(copy)] = (copy, None if self._has(copy) else call)
        for part in leaves(copy):
            if type(part) not in ATOMS:
                self._owners.setdefault(id(part), (part, call))
        return copy

    def received(self, *values: Any) -> tuple[set[str], set[Any]]:
        """Names of the calls that gave what is in ``values``, and ids of Prefect's task runs whose
        futures and states are. What nobody gave is the flow's own from now on."""
        calls, runs = set(), set()
        for leaf in leaves(values):
            if isinstance(leaf, PrefectFuture):
                runs.add(leaf.task_run_id)
            elif isinstance(leaf, State):
                runs.add(leaf.state_details.task_run_id)
            elif self._has(leaf):
                calls.add(self._owners[id(leaf)][1])
            elif type(leaf) not in ATOMS:
                self._owners[id(leaf)] = (leaf, None)
        return calls - {None}, runs

    def _has(self, value: Any) -> bool:
        return id(value) in self._owners and self._owners[id(value)][0] is value


def _another(value: Any) -> Any:
    """An equal object with another id, for immutable values that more than one task may return.

    `copy` gives those back as they are; through pickle they become new ones, except those that
    Python has only once. Of these, marshal makes a small integer anew, read as a long one.
    """
    if type(value) is tuple:
        return (*value,)
    if type(value) is int and -(2**15) < value < 2**15:
        digits = [(value > 0) - (value < 0), *([abs(value)] if value else [])]
        return marshal.loads(b"l" + struct.pack("<iH"[: 1 + len(digits)], *digits))
    return pickle.loads(pickle.dumps(value)) if type(value) in ATOMS else value


def leaves(value: Any, depth: int = DEPTH) -> Iterator[Any]:
    """The objects inside a value, itself included; the keys of dictionaries left out."""
    if isinstance(value, BaseAnnotation):
        value = value.unwrap()
    yield value
    if depth and isinstance(value, list | tuple | set | frozenset | dict):
        items = value.values() if isinstance(value, dict) else value
        for item in islice(items, WIDTH):
            yield from leaves(item, depth - 1)
