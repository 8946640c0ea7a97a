"""What is put in the place of an observer's functions is found out; what leaves them is not."""

import sys
from types import ModuleType

import pytest

from workbench.sandbox.seal import Seal

SOURCE = """
LEVEL = 3
def measure(value):
    return len(value)
class Clock:
    def tick(self):
        return 1
    @classmethod
    def make(cls):
        return cls()
class Slow(Clock):
    pass
"""
HARMLESS = {
    "a value": "observed.LEVEL = 4",
    "a new name": "observed.more = lambda: 2",
    "an attribute of a class": "observed.Clock.started = 7",
    "an object's own attribute": "observed.Clock().tick = 5",
}
HARMFUL = {
    "a function": ("observed.measure = lambda value: 9", "observed.measure"),
    "a class": ("observed.Clock = dict", "observed.Clock"),
    "a method": ("observed.Clock.tick = lambda self: 2", "observed.Clock.tick"),
    "a class method": ("observed.Clock.make = dict", "observed.Clock.make"),
    "the code in a function": (
        "observed.measure.__code__ = (lambda value: 9).__code__",
        "observed.measure",
    ),
    "a function that is gone": ("del observed.measure", "observed.measure"),
    "a name before a builtin": ("observed.len = lambda value: 9", "observed.len"),
    "a method before a base's": ("observed.Slow.tick = lambda self: 2", "observed.Slow.tick"),
}


@pytest.fixture
def observed(monkeypatch):
    module = ModuleType("observed")
    monkeypatch.setitem(sys.modules, "observed", module)
    exec(SOURCE, vars(module))
    return module


@pytest.mark.parametrize("change", HARMLESS)
def test_what_an_answer_may_do_breaks_nothing(observed, change):
    seal = Seal("observed")
    exec(HARMLESS[change], {"observed": observed})
    assert seal.broken() == ""


@pytest.mark.parametrize("change", HARMFUL)
def test_what_is_replaced_is_named(observed, change):
    seal, (action, name) = Seal("observed"), HARMFUL[change]
    exec(action, {"observed": observed})
    assert seal.broken() == name
