"""The exceptions that functions raise: those of Python itself, and some that nobody can know."""

import builtins
from functools import cache

LISTED = ("ValueError", "ConnectionError")  # what is retried unless told otherwise
SEVERAL = ("KeyError", "IndexError", "ArithmeticError", "EOFError")  # as one may list instead
# Listed, too, by some: what comes late may be retried, and what looks like a slip.
WIDER = ("TimeoutError", "TypeError")
# What learners think of, a report begins with these; and what they may have in mind.
ERRORS = ("KeyError", "FileNotFoundError", "TypeError")
USUAL = (*ERRORS, "KeyboardInterrupt")
OFTEN = ("SystemExit", "TimeoutError", "PermissionError", "ZeroDivisionError", "AttributeError")
OFTEN += ("IndexError", "NotImplementedError", "MemoryError", "GeneratorExit", "AssertionError")
OFTEN += ("EOFError", "ModuleNotFoundError")
ABOVE_MADE_UP = ("OSError", "Exception", "BaseException")  # of what is not listed
# Python itself puts a RuntimeError in their place, where a generator or coroutine lets them pass.
ENDS_OF_GENERATORS = ("StopIteration", "StopAsyncIteration")


@cache
def named(name: str) -> type[BaseException]:
    """The exception of this name; `ValueError.TornPage` is one made up, below ValueError."""
    base, _, own = name.rpartition(".")
    return type(own, (named(base),), {}) if base else getattr(builtins, name)


class Made(str):
    """What the worker makes an object of, and what that is said to be: no JSON tells of it."""

    def __repr__(self) -> str:
        return str(self)


class Table:
    """As a DataFrame, it is neither true nor false, nor is what a comparison with it gives."""

    __hash__ = None

    def __bool__(self):
        raise ValueError("The truth value of a Table is ambiguous.")

    def __eq__(self, other):
        return Table()

    def __repr__(self):
        return TABLE


TABLE, KEPT = Made("<Table object>"), Made("ValueError('kept for later')")
MAKING = {TABLE: Table, KEPT: lambda: ValueError("kept for later")}


def made(value):
    """The object that this stands for, or the value itself."""
    return MAKING[value]() if isinstance(value, str) and value in MAKING else value


def short(name: str) -> str:
    """What it is called by itself."""
    return name.rpartition(".")[2]


def described(name: str) -> str:
    base, _, own = name.rpartition(".")
    return f"{own} (a subclass of {described(base)})" if base else name


def _says_a_text(name: str) -> bool:
    """Whether this is the name of an exception that is made of a text alone."""
    kind = getattr(builtins, name)
    if not (isinstance(kind, type) and issubclass(kind, BaseException) and kind.__name__ == name):
        return False
    try:
        return bool(kind("a text"))
    except TypeError:
        return False


_raised = [name for name in dir(builtins) if name not in ENDS_OF_GENERATORS and _says_a_text(name)]
_all = dict.fromkeys([*USUAL, *_raised])
_retried = tuple(map(named, LISTED))
SUBCLASSES = tuple(
    name for name in _all if issubclass(named(name), _retried) and name not in LISTED
)
_others = [name for name in _all if not issubclass(named(name), _retried)]
# Who catches an exception catches those below it: the lowest ones tell of all.
_above = {kind for name in _raised for kind in named(name).__mro__[1:]}
_lowest = [name for name in _others if named(name) not in _above]
UNLISTED = (*USUAL, *OFTEN)
RARE = tuple(name for name in _lowest if name not in UNLISTED)
