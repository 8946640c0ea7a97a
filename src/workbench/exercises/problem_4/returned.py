"""What a flow returned or raised, as plain values that can be sent to the judge."""

import contextlib
import math
import os
from collections.abc import Mapping
from typing import Any

from workbench.sandbox.channel import text_of, type_of
from workbench.wording import listed

LONGEST = 4096  # characters of a text that the flow returns: no path has more
PARTS = ("model_type", "accuracy", "path")
NAMED = 200  # characters of a description


def plain(result: Any) -> dict[str, float | str | None]:
    """Model type, accuracy and path of what the flow returned, whether mapping or object."""
    named = {name: _part(result, name) for name in PARTS}
    if all(part is None for part in named.values()):
        return {}
    with contextlib.suppress(Exception):  # the class of a number may be the learner's
        named["accuracy"] = float(named["accuracy"])
    return {name: None if part is None else _sendable(part) for name, part in named.items()}


def described(result: Any) -> str:
    """What the flow returned, in a few words: "a tuple", "a dictionary with kind and score"."""
    if result is None:
        return "nothing"
    kind = type(result).__name__
    if not isinstance(result, Mapping):
        plain = isinstance(result, list | tuple | set | str | int | float)
        return f"{'a' if plain else 'an object of the class'} {kind}"[:NAMED]
    try:
        names = [f"{name}=None" if part is None else str(name) for name, part in result.items()]
        return f"a dictionary with {listed(names, len(PARTS) + 2) or 'nothing in it'}"[:NAMED]
    except Exception:
        return f"an object of the class {kind}"[:NAMED]


def absolute(path: Any) -> str | None:
    """The path, from the root."""
    if not isinstance(path, str) or not path:
        return None
    with contextlib.suppress(OSError, ValueError):
        return os.path.abspath(path)
    return path


def _part(result: Any, name: str) -> Any:
    """A part of a mapping or an object, None where it has none."""
    try:
        return result.get(name, None) if hasattr(result, "get") else getattr(result, name, None)
    except Exception as error:
        return f"(raises {type_of(error)}: {text_of(error)})"


def _sendable(value: Any) -> float | str:
    """The value if it is a finite number, or a text of bounded length that says it."""
    if isinstance(value, float) and math.isfinite(value):
        return value
    try:
        if not isinstance(value, str):
            value = str(getattr(value, "value", value))
        # A member of an Enum may be a text, and call itself otherwise.
        return str.__str__(value)[:LONGEST]
    except Exception:
        return f"(an object of the class {type(value).__name__})"[:LONGEST]


def said(error: BaseException | None, depth: int = 5) -> str:
    """An error and those it comes from, or consists of."""
    if error is None or not depth:
        return ""
    causes = [*getattr(error, "exceptions", ()), error.__cause__ or error.__context__]
    texts = [
        f"{type_of(error)}: {text_of(error, 2000)}".removesuffix(": "),
        *(said(cause, depth - 1) for cause in causes),
    ]
    return " | ".join(filter(None, texts))
