"""What the probe uses of the inside of CPython, joblib, pydantic and Prefect; no other module of
this exercise names it."""

import contextlib
import gc
import multiprocessing
import os
import pickle
import socket
import tempfile
from collections.abc import Callable
from importlib import import_module
from multiprocessing import forkserver
from typing import Any

from workbench.engines.members import Member

MEMBERS = (
    *(
        Member(
            f"multiprocessing.forkserver:_forkserver._forkserver_{name}",
            "answers that train in processes: a fork server that is running already",
        )
        for name in ("address", "alive_fd", "pid")
    ),
    Member(
        "multiprocessing.forkserver:main",
        "the same: being that server",
        ("listener_fd", "alive_r", "preload"),
    ),
    Member(
        "joblib.numpy_pickle:NumpyUnpickler.find_class",
        "reading a saved model without calling what its pickle names",
        ("module", "name"),
    ),
    Member(
        "joblib.numpy_pickle:Unpickler.dispatch",
        "the same, where a part of it cannot be made",
    ),
    Member(
        "joblib.numpy_pickle:load_compatibility",
        "the same: an older format, which would be read by another class",
    ),
    Member(
        "joblib._parallel_backends:cpu_count",
        "answers that ask for as many workers as cores: their number",
        ("only_physical_cores",),
    ),
    Member(
        "pydantic:BaseModel.__pydantic_complete__",
        "completing Prefect's models once, before processes are forked that each would",
    ),
    Member(
        "prefect.futures:_collect_futures",
        "results of many numbers: none of these is asked whether it is a future",
        ("futures", "expr", "context"),
    ),
)
MAKING = {  # how a pickle makes an object → how much of the stack it takes
    **{pickle.REDUCE: 2, pickle.BUILD: 2},
    **{pickle.NEWOBJ: 2, pickle.NEWOBJ_EX: 3},
}
DEPTH = 4  # of lists and dictionaries that are looked into for what is no plain value
PLAIN = {bool, int, float, complex, str, bytes, type(None)}
COUNTING = ("joblib", "joblib.parallel", "joblib._parallel_backends")  # who asks for cpu_count
CLIENT = ("prefect.client", "prefect.events", "prefect.assets", "prefect._internal")


def fork_from_here() -> None:
    """Let processes that are started later be forks of this one as it is now.

    They are observed as this one is, and cost no import. A fork server is what Python offers for
    that, but it starts it from nothing. So this process forks one itself, tells Python that it is
    the one, and gives it to whoever asks for "spawn" or "fork" as well. Were a member renamed,
    children would be fresh, and their trainings not observed.
    """
    address = f"{tempfile.mkdtemp()}/forks"
    alive, hold = os.pipe()  # the server ends when nobody holds the other end
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):  # it leaves by SystemExit
            os.close(hold)
            forkserver.main(listening.fileno(), alive, [])
        os._exit(0)
    running = forkserver._forkserver
    running._forkserver_address = address
    running._forkserver_alive_fd = hold
    running._forkserver_pid = child
    usual = multiprocessing.get_context
    multiprocessing.get_context = lambda method=None: usual(method and "forkserver")


def load_by(
    allowed: Callable[[str, str, Callable], Any], path: str, instead: Callable[..., Any]
) -> tuple[Any, list[Exception]]:
    """What a pickle of pickle, cloudpickle or joblib holds, and the errors of what could not be
    made of its parts; ``allowed`` decides what it gets for a module and a name, ``instead`` what
    takes the place of an object that is not made, as its parts are not what they should be.

    Call it in a process of its own: joblib can read no other way then."""
    from joblib import numpy_pickle

    errors: list[Exception] = []

    def making(step: Callable, takes: int) -> Callable:
        def made(unpickler: Any) -> None:
            stack = unpickler.stack
            count, taken = len(stack), stack[-takes:]
            try:
                step(unpickler)
            except Exception as error:
                errors.append(error)
                stack[count - takes :] = [instead(*taken)]

        return made

    plain, reader = numpy_pickle.Unpickler, numpy_pickle.NumpyUnpickler
    steps = {
        opcode[0]: making(plain.dispatch[opcode[0]], takes) for opcode, takes in MAKING.items()
    }
    building = {"load_build": steps[pickle.BUILD[0]], "dispatch": plain.dispatch | steps}
    kept = {pickle.BUILD[0]: reader.dispatch[pickle.BUILD[0]]}  # it reads arrays, and calls plain's

    class Unpickler(reader):
        dispatch = reader.dispatch | steps | kept

        def find_class(self, module: str, name: str) -> Any:
            return allowed(module, name, super().find_class)

    numpy_pickle.Unpickler = type("Unpickler", (plain,), building)
    numpy_pickle.NumpyUnpickler, numpy_pickle.load_compatibility = Unpickler, None
    return numpy_pickle.load(path), errors


def let_joblib_count(cores: int) -> None:
    """Let joblib tell whoever asks, and its own pools, of so many cores; lightgbm, which asks for
    physical ones, and what counts by loky keep to those they have: small trainings cost less so."""
    usual = import_module("joblib").cpu_count

    def counted(only_physical_cores: bool = False) -> int:
        return usual(only_physical_cores=True) if only_physical_cores else cores

    for name in COUNTING:
        import_module(name).cpu_count = counted


def pass_over_plain_values() -> None:
    """Let Prefect not ask each number of a flow's result whether it is a future: of 400,000
    predictions that takes seconds, in every run."""
    from prefect import futures
    from prefect.utilities.collections import StopVisiting

    collect = futures._collect_futures

    def sparing(collected: set, part: Any, context: Any) -> Any:
        if type(part) in (list, tuple, dict) and _is_plain(part, DEPTH):
            raise StopVisiting
        return collect(collected, part, context)

    futures._collect_futures = sparing


def _is_plain(value: Any, depth: int) -> bool:
    """Whether a value consists of numbers and texts, in lists, tuples and dictionaries."""
    if type(value) is dict:
        value = [*value, *value.values()]
    elif type(value) not in (list, tuple):
        return type(value) in PLAIN
    plain = PLAIN.issuperset(map(type, value))
    return plain or (depth > 0 and all(_is_plain(part, depth - 1) for part in value))


def complete_models() -> None:
    """Complete the models of the client: pydantic puts that off until each is first needed."""
    from pydantic import BaseModel

    for model in gc.get_objects():
        is_model = isinstance(model, type) and issubclass(model, BaseModel)
        if is_model and model.__module__.startswith(CLIENT) and not model.__pydantic_complete__:
            with contextlib.suppress(Exception):  # one that cannot be completed yet
                model.model_rebuild()
