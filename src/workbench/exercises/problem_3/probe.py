"""Calls `process_data` as it is told to; the judge reads the files."""

import io
import os
import resource
import signal
from functools import partial

from workbench.sandbox.channel import Channel, load


def warm_up() -> None:
    """Let pandas import what it needs for a CSV file, once for all answers."""
    import pandas as pd

    (pd.read_csv(io.StringIO("a,b\n1,2.5\n")) * 2).to_csv(io.StringIO(), index=False)


def observe(source: str, given: dict, channel: Channel) -> None:
    """Load the answer in the folder of its files, then make the calls, as `Call.told` has them."""
    folder = os.path.abspath(given["folder"])
    os.chdir(folder)
    # From the return of a call to the judge's look at its files, nothing of the answer is to run.
    call_and_hold = channel.stilling()
    answer = load(source)
    function = getattr(answer, "process_data", None)
    channel.tell(loaded=True, callable=callable(function), names=_functions(answer))
    if not callable(function):
        return
    channel.ask(begin=True)  # the judge lays out the files
    os.chdir(folder)
    for call in given["calls"]:
        channel.stage(call["stage"])
        paths = call["source"], call["target"]
        if call["absolute"]:
            paths = map(os.path.abspath, paths)
        _bound(call["room"], call["once"])
        try:
            call_and_hold(partial(function, *paths))
        except BaseException:
            if not call["may_fail"]:
                raise


def _functions(answer) -> list[str]:
    named = vars(answer).items()
    return [name for name, value in named if getattr(value, "__module__", "") == "answer"][:5]


def _bound(room: int | None, once: bool) -> None:
    """Let a write beyond so many bytes of a file fail: each of them, or the first one only."""
    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

    def make_room(*_) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    signal.signal(signal.SIGXFSZ, make_room if once else signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most if room is None else room, most))
