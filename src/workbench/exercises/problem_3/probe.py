"""Calls `process_data` as it is told to; the judge reads the files."""

import contextlib
import inspect
import os
import resource
import signal
from collections.abc import Callable
from functools import partial
from types import ModuleType

from workbench.sandbox.channel import Channel, described, load

MOST_WAITED = 1  # seconds for one that is to be killed, should it write nothing
OFTEN = 20  # times after which Python is as quick as it gets
USUAL = """
import os
import pandas as pd

def process_data(input_file, output_file):
    table = pd.read_csv(input_file)
    numbers = table.select_dtypes("number").columns
    table[numbers] = table[numbers] * 2
    (table * 2).to_csv(output_file, index=False)
"""


def warm_up() -> None:
    """Do what answers do, until all that this needs is imported, and at its quickest: processes
    that are forked begin with that."""
    file = os.memfd_create("table")
    path = f"/proc/self/fd/{file}"
    for _ in range(OFTEN):
        os.truncate(file, 0)
        os.pwrite(file, b"a,b\n" + b"1,2.5\n" * 9, 0)
        load(USUAL).process_data(path, path)
    os.close(file)


def observe(source: str, given: dict, channel: Channel) -> None:
    """Load the answer in the folder of its files, then make the calls, as `Call.told` has them;
    and others after them, where given is `kept`."""
    folder = os.path.abspath(given["folder"])
    os.chdir(folder)
    # From the return of a call to the judge's look at its files, nothing of the answer is to run.
    call_and_hold = channel.stilling()
    answer = load(source)
    while given is not None and _told(answer, channel):
        channel.ask(begin=True)  # the judge lays out the files
        os.chdir(folder)
        _call(answer, given["calls"], channel, call_and_hold)
        if not given["kept"]:
            return
        channel.done()
        given = channel.rest()


def _told(answer: ModuleType, channel: Channel) -> bool:
    """Tell what there is to be called; whether it can be."""
    function = _without_a_server(getattr(answer, "process_data", None))
    channel.tell(
        loaded=True,
        callable=callable(function),
        coroutine=inspect.iscoroutinefunction(function),
        generator=inspect.isgeneratorfunction(function),
        operator=type(function).__module__.startswith(("airflow.", "kfp.")),
        names=_functions(answer),
    )
    return callable(function)


def _call(answer: ModuleType, calls: list[dict], channel: Channel, call_and_hold: Callable) -> None:
    function = _without_a_server(answer.process_data)
    for call in calls:
        channel.stage(call["stage"])
        paths = call["source"], call["target"]
        if call["absolute"]:
            paths = map(os.path.abspath, paths)
        if call["mortal"]:
            channel.done()  # nothing that comes now is told
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(MOST_WAITED)
        _bound(call["room"], call["once"], call["mortal"])
        try:
            work = partial(function, *paths)
            work() if call["mortal"] else call_and_hold(work, heard=call["may_fail"])
        except BaseException as error:
            if not call["may_fail"]:
                raise
            with contextlib.suppress(BaseException):
                channel.tell(failed=described(error))


def _without_a_server(function):
    """What a task or flow of Prefect's runs; to be called it needs a server, and here is none."""
    ours = type(function).__module__.startswith("prefect.")
    return getattr(function, "fn", function) if ours else function


def _functions(answer) -> list[str]:
    named = vars(answer).items()
    return [name for name, value in named if getattr(value, "__module__", "") == "answer"][:5]


def _bound(room: int | None, once: bool, mortal: bool) -> None:
    """Let a write beyond so many bytes of a file fail: each of them, or the first one only; or let
    it end the process."""
    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

    def make_room(*_) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    otherwise = signal.SIG_DFL if mortal else signal.SIG_IGN
    signal.signal(signal.SIGXFSZ, make_room if once else otherwise)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most if room is None else room, most))
