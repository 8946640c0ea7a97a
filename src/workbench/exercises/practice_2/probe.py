"""Calls `load_settings` with files, environments and arguments, and tells what came back."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from numbers import Integral
from pathlib import Path
from typing import Any
from unittest import mock

from workbench.sandbox.channel import LONGEST_TEXT, Channel, line_of, load, text_of, type_of

PLAIN = (str, int, float, type(None))  # bool is an int


def observe(source: str, given: dict, channel: Channel) -> None:
    """given: calls, for each criterion a list of dictionaries with path, a file's; file, what
    it says; environ, a dictionary; arguments, a list of words; before, a call that comes first, or
    None; whole, whether the path is handed over from the root; around and typed, variables and
    words of the process."""
    for criterion, calls in given["calls"].items():
        channel.stage(criterion)
        for call in calls:
            channel.tell(came=_called(source, **call))


def _called(source: str, before: dict | None, **call: Any) -> dict[str, Any]:
    """What came of a call: refused, a message; settings; other, what is no dictionary; or error;
    and what was left of the file, of what was handed over, and of what a call before it gave.

    The answer is loaded anew each time, and the process's own variables are put back: of what it
    keeps between calls only `before` asks. Its imports are in sys.modules after the first.
    """
    older, first = None, {}
    try:
        with mock.patch.dict(os.environ):
            with _file(**call):  # a cell that tries itself may need one
                load_settings = load(source).load_settings
            if before:
                with suppress(BaseException), _file(**before):
                    older, first = _made(load_settings, **before)
            os.environ.update(call["around"])
            with _file(**call) as written:
                came = _made(load_settings, **call)[1] | _left(written, call["file"])
        if "settings" in first and (now := _told(older).get("settings")) != first["settings"]:
            came["older"] = now
        return came
    except MemoryError:
        raise  # it is stopped for that
    except BaseException as error:  # also one that ends programs, or of the learner's own
        told = {"type": type_of(error), "text": text_of(error)}
        return {"error": told | {"line": line_of(error)}}


@contextmanager
def _file(path: str, file: str, **_: Any) -> Iterator[Path]:
    """The file of a call; it is gone afterwards: who reads another than is asked for finds none."""
    written = Path(path).absolute()
    written.parent.mkdir(parents=True, exist_ok=True)
    written.write_text(file, encoding="utf-8")
    try:
        yield written
    finally:
        written.unlink(missing_ok=True)


def _left(written: Path, file: str) -> dict[str, str | None]:
    """left: what a call has made of the file, None where it is gone; nothing if it is as it was."""
    try:
        left = written.read_bytes().decode(errors="replace")
    except OSError:
        left = None
    return {} if left == file else {"left": left and left[:LONGEST_TEXT]}


def _made(
    load_settings: Any,
    path: str,
    environ: dict,
    arguments: list[str],
    whole: bool,
    typed: list[str],
    **_: Any,
) -> tuple[Any, dict[str, Any]]:
    """What a call gave, and what is told of it."""
    own, words, home = environ.copy(), arguments.copy(), os.getcwd()  # of the answer alone
    settings = None
    try:
        with mock.patch.object(sys, "argv", ["train.py", *typed]):
            settings = load_settings(os.path.abspath(path) if whole else path, own, words)
        came = None
    except ValueError as error:
        came = {"refused": str(error)[:5000]}
    finally:
        stayed = os.path.samefile(".", home)
        os.chdir(home)
    kept = {"environ": own == environ, "arguments": words == arguments, "folder": stayed}
    came = came or _told(settings)
    return settings, came | {"changed": [name for name, same in kept.items() if not same]}


def _told(settings: Any) -> dict[str, Any]:
    """The settings by name, or what came in their place."""
    try:
        pairs = dict(settings).items() if _by_name(settings) else None
    except (TypeError, ValueError):
        pairs = None
    if pairs is None:
        return {"other": repr(settings)[:LONGEST_TEXT]}
    return {"settings": {str(name): _plain(one) for name, one in pairs}}


def _by_name(settings: Any) -> bool:
    """Whether a setting can be had by its name, as of a dictionary, or a model; not of pairs."""
    return hasattr(settings, "keys") or hasattr(settings, "n_estimators")


def _plain(setting: Any) -> str | int | float | None:
    """The setting, as a number of Python's where it is a whole one of another kind."""
    if isinstance(setting, PLAIN):
        str(setting)  # raises for a number of so many digits that it could not be told
        return setting
    return int(setting) if isinstance(setting, Integral) else repr(setting)
