"""What comes out of a confined process, made harmless where it enters; nothing of it is trusted."""

import json
import math

DEEPEST = 24  # lists and dictionaries within each other; what a probe tells is far below
LONGEST = 1 << 18  # characters of a text; what an attempt of a task has printed may have as many
LONGEST_SAID = 2000  # of those, in an error
LONGEST_NUMBER = 18  # digits: a whole number that is as good as a float of the same size


def parsed(line: bytes) -> dict:
    """The JSON object in a line, {} for anything else.

    Its numbers are finite and its texts printable and bounded; what is no such number, or lies too
    deep, is None.
    """
    if b"}" not in line:  # as of thousands of empty ones, each of which would raise
        return {}
    try:
        text = line.decode(errors="surrogatepass")
        content = DECODE(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    harmless = text.isprintable() and "\\" not in text  # as any text in it then is
    if harmless and len(text) <= LONGEST and text.count("[") + text.count("{") <= DEEPEST:
        return content
    return _plain(content, 0)


def printable(text: str) -> str:
    """The text with lone surrogates, control and direction characters as escapes."""
    plain = text.replace("\n", "").replace("\t", "")
    if plain.isprintable():
        return text
    odd = {sign for sign in set(text) if not (sign.isprintable() or sign in "\n\t\xa0")}
    return text.translate({ord(sign): _escaped(sign) for sign in odd})


def in_a_line(text: str) -> str:
    """The same, with ends of lines and tabs as escapes, too: a name that begins no line or cell."""
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")


def error_of(told: object) -> dict:
    """An error as a probe tells it (`channel.described`), each part of its kind and as long as
    errors are, whatever was told; {} where nothing was."""
    if not told or not isinstance(told, dict):
        return {}
    line = told.get("line")
    texts = {name: str(told.get(name))[:LONGEST_SAID] for name in ("type", "text")}
    return told | texts | {"line": line if isinstance(line, int) else None}


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode()


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) <= LONGEST_NUMBER else None


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


def _nothing(constant: str) -> None:
    """NaN and the infinities, which Python's JSON has beyond the standard."""


DECODE = json.JSONDecoder(parse_int=_whole, parse_float=_finite, parse_constant=_nothing).decode


def _plain(value, depth: int):
    kind = type(value)
    if kind is str:
        return printable(value[:LONGEST])
    if kind is not list and kind is not dict:
        return value
    if depth >= DEEPEST:
        return None
    if kind is list:
        return value and [_plain(part, depth + 1) for part in value]
    return {printable(name[:LONGEST]): _plain(part, depth + 1) for name, part in value.items()}
