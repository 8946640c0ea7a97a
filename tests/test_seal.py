"""What is put in the place of an observer's functions is found out; what leaves them is not."""

import sys
from types import FunctionType, ModuleType

import pytest

from workbench.sandbox import seal
from workbench.sandbox.seal import Seal

SOURCE = """
import functools, typing
LEVEL = 3
def noted(function, kind="x"):
    @functools.wraps(function)
    def inner(*arguments, often=1):
        return function(*arguments), kind
    return inner
@noted
def measured(value, unit=1):
    return value
def counting():
    number = 0
    def count():
        nonlocal number
        number += 1
        return number
    return count
count = counting()
def measure(value):
    return len(value)
class Clock:
    def tick(self):
        return 1
    @classmethod
    def make(cls):
        return cls()
    @property
    def time(self):
        return 2
class Slow(Clock):
    pass
class Base(typing.Protocol):
    pass
class Made(Base):
    pass
"""
HARMLESS = {
    "a value": "observed.LEVEL = 4",
    "a new name": "observed.more = lambda: 2",
    "an attribute of a class": "observed.Clock.started = 7",
    "an object's own attribute": "observed.Clock().tick = 5",
    "what a function remembers": "observed.count()",
    "what a class inherits anyway": "observed.Made()",
    "a module that anybody may use": "observed.functools = observed.typing",
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
    "a property before a base's method": (
        "observed.Slow.tick = property(lambda self: lambda: 2)",
        "observed.Slow.tick",
    ),
    "a class of its own for a module": (
        "observed.__class__ = type('M', (ModuleType,), {'measure': property(lambda self: len)})",
        "observed",
    ),
    "another module of that name": ("sys.modules['observed'] = ModuleType('observed')", "observed"),
    "another class below": (
        "observed.Slow.__bases__ = (type('Fast', (observed.Clock,), {}),)",
        "observed.Slow",
    ),
    "a word within a function": (
        "observed.measured.__closure__[1].cell_contents = 'y'",
        "observed.measured",
    ),
    "a function within another": (
        "observed.measured.__closure__[0].cell_contents = len",
        "observed.measured",
    ),
    "the code of one within another": (
        "observed.measured.__wrapped__.__code__ = (lambda value, unit=1: 9).__code__",
        "observed.measured",
    ),
    "what is taken where nothing is given": (
        "observed.measured.__wrapped__.__defaults__ = (9,)",
        "observed.measured",
    ),
    "the same by name": ("observed.measured.__kwdefaults__['often'] = 9", "observed.measured"),
    "a property's function": (
        "observed.Clock.time.__init__(lambda self: 9)",
        "observed.Clock.time",
    ),
}


@pytest.fixture
def observed(monkeypatch):
    module = ModuleType("observed")
    monkeypatch.setitem(sys.modules, "observed", module)
    exec(SOURCE, vars(module))
    return module


@pytest.mark.parametrize("change", HARMLESS)
def test_what_an_answer_may_do_breaks_nothing(observed, change):
    replaced = Seal("observed").watch()
    exec(HARMLESS[change], {"observed": observed})
    assert replaced() == ""


@pytest.mark.parametrize("change", HARMFUL)
def test_what_is_replaced_is_named(observed, change):
    replaced, (action, name) = Seal("observed").watch(), HARMFUL[change]
    exec(action, {"observed": observed, "ModuleType": ModuleType, "sys": sys})
    assert replaced() == name


def test_who_compares_cannot_be_replaced_either(observed, monkeypatch):
    replaced = Seal("observed").watch()
    for value in list(vars(seal).values()):
        if isinstance(value, FunctionType) and value.__module__ == seal.__name__:
            monkeypatch.setattr(value, "__code__", (lambda *_: "").__code__)
    monkeypatch.setattr(Seal, "watch", lambda self: lambda: "")
    observed.measure = len
    assert replaced() == "observed.measure"
