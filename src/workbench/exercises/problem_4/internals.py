"""What the probe uses of CPython's inside; no other module of this exercise names it."""

import contextlib
import multiprocessing
import os
import socket
import tempfile
from multiprocessing import forkserver

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
)


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
