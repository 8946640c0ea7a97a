"""Trigger conditions: the part of CEL (Common Expression Language) that kfp's compiler writes.

It writes comparisons of inputs and constants, casts, `!`, `&&`, `||` and parentheses. That is
Python but for five words; they are exchanged, Python's parser reads the text, and the tree is
walked: nothing is ever evaluated. All else (arithmetic, `in`, `?:`, methods) is refused.
"""

import ast
import re
from collections.abc import Mapping
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from workbench.engines.kubeflow.internals import authors_names
from workbench.graph import PipelineError

# `!` becomes `~`, because `not` binds looser than a comparison: `a == not b` is no Python, `!a < b`
# would be `not (a < b)`. `~` never means itself here. Quoted text is matched first, and stays.
_PYTHON = {"&&": " and ", "||": " or ", "!": "~", "true": "True", "false": "False"}
_WORD = re.compile(r"'(?:[^'\\]|\\.)*'|&&|\|\||!(?!=)|\btrue\b|\bfalse\b")
_CASTS = {"int": int, "double": float, "string": str, "bool": bool}
_COMPARISONS = {ast.Eq: eq, ast.NotEq: ne, ast.Lt: lt, ast.LtE: le, ast.Gt: gt, ast.GtE: ge}


def readable(condition: str) -> str:
    """A condition without the compiler's wrapping."""
    named = re.sub(r"inputs\.parameter_values\['([^']+)'\]", r"\1", condition)
    return re.sub(r"\b(?:int|double)\(([\w-]+)\)", r"\1", authors_names(named))


def holds(condition: str, values: Mapping[str, Any]) -> bool:
    """Whether a condition is true of these input values; raise PipelineError for one that cannot be
    decided."""
    try:
        text = _WORD.sub(lambda match: _PYTHON.get(match[0], match[0]), condition)
        result = _value(ast.parse(text.strip(), mode="eval").body, values)
        if not isinstance(result, bool):
            raise TypeError(f"{result!r} is neither true nor false")
    except (LookupError, ValueError, TypeError, SyntaxError) as error:
        raise PipelineError(
            f"condition {readable(condition)!r} cannot be decided: {error}"
        ) from None
    return result


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.BoolOp(sign, parts):
            truths = [_value(part, values) for part in parts]  # all: each has to have a value
            return all(truths) if isinstance(sign, ast.And) else any(truths)
        case ast.UnaryOp(ast.Invert(), operand):
            return not _value(operand, values)
        case ast.Compare(left, [sign], [right]) if type(sign) in _COMPARISONS:
            return _compared(type(sign), _value(left, values), _value(right, values))
        case ast.Call(ast.Name(name), [inner]) if name in _CASTS:
            return _CASTS[name](_value(inner, values))
        case ast.Subscript(
            ast.Attribute(ast.Name("inputs"), "parameter_values"), ast.Constant(key)
        ):
            if key not in values:
                raise LookupError(f"{authors_names(key)} has no value")
            return values[key]
    return ast.literal_eval(node)


def _compared(sign: type[ast.cmpop], left: Any, right: Any) -> bool:
    kinds = {float if type(side) is int else type(side) for side in (left, right)}
    if len(kinds) > 1:  # in CEL an error; Python would call them unequal
        raise TypeError(f"{left!r} and {right!r} are of different types")
    return _COMPARISONS[sign](left, right)
