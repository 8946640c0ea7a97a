"""Whether what an event carries is what the table of kinds says."""

from types import UnionType
from typing import Union, get_args, get_origin, get_type_hints, is_typeddict

from workbench.events import KINDS


def fits(event):
    """Whether the payload is what the table says of its kind, and nothing beside it."""
    return holds(event.detail, KINDS[event.kind].detail)


def holds(value, declared):
    """Whether a value is of a declared type; a dictionary has the fields of its TypedDict."""
    if isinstance(declared, UnionType) or get_origin(declared) is Union:
        return any(holds(value, one) for one in get_args(declared))
    if is_typeddict(declared):
        fields = get_type_hints(declared)
        return (
            isinstance(value, dict)
            and declared.__required_keys__ <= set(value) <= set(fields)
            and all(holds(item, fields[key]) for key, item in value.items())
        )
    if declared is None or declared is type(None):
        return value is None
    if declared is float:
        return isinstance(value, (int, float))
    return isinstance(value, get_origin(declared) or declared)
