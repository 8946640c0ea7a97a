"""Parts of English sentences: how many there are, and several names as a sentence joins them."""

from collections.abc import Iterable, Sequence


def counted(number: int, noun: str) -> str:
    """1 file, 2 files."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def either(choices: Sequence[str]) -> str:
    """Join what can be chosen from: "a, b or c"."""
    *most, last = choices
    return f"{', '.join(most)} or {last}" if most else last


def few(names: Sequence[str], most: int) -> str:
    """The first ``most`` names, and how many more there are: "a, b and 3 more"."""
    listed = ", ".join(names[:most])
    return listed if len(names) <= most else f"{listed} and {len(names) - most:,} more"


def listed(words: Iterable[str], most: int = 4) -> str:
    """The same with an "and" before the last: "a, b and c"."""
    words = list(words)
    shown, more = words[:most], len(words) - most
    if more > 0:
        shown.append(f"{more} more")
    return ", ".join(shown[:-1]) + (" and " if len(shown) > 1 else "") + "".join(shown[-1:])
