"""`{{…}}` in texts, and conditions: parsed here, never evaluated by Python."""

import json
import re
from collections.abc import Callable, Mapping
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from workbench.graph import PipelineError

_TAG = re.compile(r"\{\{(=?)\s*(.*?)\s*\}\}", re.S)
_TOKEN = re.compile(
    r"""\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(&&|\|\||==|!=|<=|>=|=~|!~|[()<>!])|([^\s()<>!=&|]+))"""
)
EXPRESSION = {"expression", "fromExpression"}  # keys of an output that is computed
_COMPARED = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_MATCHED = {"=~": True, "!~": False}


def as_text(value: Any) -> str:
    """A value as Argo writes it into a text."""
    return value if isinstance(value, str) else json.dumps(value)


def as_value(text: str) -> Any:
    """What a text says, where it says it as JSON writes it; the text itself otherwise."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, (list, dict)) or json.dumps(value) == text else text


def filled(given: Any, values: Mapping[str, Any], where: str) -> Any:
    """Texts, lists and dictionaries with values in the place of their tags; raise PipelineError for
    a tag that has none."""
    if isinstance(given, dict):
        return {key: filled(one, values, where) for key, one in given.items()}
    if isinstance(given, list):
        return [filled(value, values, where) for value in given]
    if not isinstance(given, str):
        return given

    def value_of(tag: re.Match) -> str:
        if tag[1]:
            raise PipelineError(f"{where}: {tag[0]} is for Argo's controller; write a plain tag")
        if tag[2] not in values:
            raise PipelineError(f"{where}: {tag[0]} has no value")
        return as_text(values[tag[2]])

    return _TAG.sub(value_of, given)


def tags_in(given: Any) -> list[str]:
    """What stands in the tags of a text, list or dictionary, after = where it is an expression."""
    return [tag[1] + tag[2] for tag in _TAG.finditer(json.dumps(given, default=str))]


def holds(condition: str, atom: Callable[[str], Any], where: str) -> bool:
    """Whether a condition is true; ``atom`` gives the value of a word. Raise PipelineError for one
    that is none."""
    try:
        return bool(_Condition(condition, atom).value())
    except (ValueError, TypeError, IndexError, re.error) as error:
        raise PipelineError(
            f"{where}: condition {condition!r} cannot be decided: {error}"
        ) from None


class _Condition:
    """A parser that decides as it goes: or, and, comparison, not, word."""

    def __init__(self, text: str, atom: Callable[[str], Any]) -> None:
        self._atom, self._tokens, position = atom, [], 0
        while text[position:].strip():
            token = _TOKEN.match(text, position)
            if not token:
                raise ValueError(f"{text[position:]!r} is not understood")
            self._tokens.append(token.groups())
            position = token.end()

    def value(self) -> Any:
        value = self._either()
        if self._tokens:
            raise ValueError(f"{next(filter(None, self._tokens[0]))!r} is too much")
        return value

    def _next(self, *signs: str) -> str | None:
        if self._tokens and self._tokens[0][1] in signs:
            return self._tokens.pop(0)[1]
        return None

    def _either(self) -> Any:
        value = self._both()
        while self._next("||"):
            value = bool(self._both()) | bool(value)
        return value

    def _both(self) -> Any:
        value = self._comparison()
        while self._next("&&"):
            value = bool(self._comparison()) & bool(value)
        return value

    def _comparison(self) -> Any:
        left = self._single()
        if sign := self._next(*_COMPARED):
            right = self._single()
            same = isinstance(left, str) == isinstance(right, str)
            pair = (left, right) if same else (as_text(left), as_text(right))
            return _COMPARED[sign](*pair)
        if sign := self._next(*_MATCHED):
            return bool(re.search(str(self._single()), as_text(left))) is _MATCHED[sign]
        return left

    def _single(self) -> Any:
        if self._next("!"):
            return not self._single()
        if self._next("("):
            value = self._either()
            if not self._next(")"):
                raise ValueError("a parenthesis is not closed")
            return value
        quoted, sign, word = self._tokens.pop(0)
        if sign:
            raise ValueError(f"{sign!r} is out of place")
        return quoted[1:-1] if quoted else self._atom(word)
