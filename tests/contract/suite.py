"""The contract: whatever passes this is an engine.

An engine's own words stand in test_contract_<name>.py, a subclass of `Contract`: that file is all
that a new engine adds.
"""

import importlib

from failing import Failing
from shapes import Shapes
from steering import Steering
from survival import Survival


class Contract(Steering, Failing, Shapes, Survival):
    """All of it."""


def contract_of(engine):
    """An engine's own words, for a process that has no pytest in it."""
    module = importlib.import_module(f"test_contract_{engine}")
    (words,) = (kind for kind in vars(module).values() if getattr(kind, "engine", "") == engine)
    return words()
