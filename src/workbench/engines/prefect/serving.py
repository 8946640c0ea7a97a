"""A Prefect server inside a process: the session's own (`server`), and that of a judged answer.

    python -m workbench.engines.prefect.serving DESCRIPTOR DATABASE TEMPLATE

serves on the listening socket that it inherits, until its standard input is closed.
"""

import contextlib
import multiprocessing
import os
import socket
import sqlite3
import sys
import tempfile
import threading
from importlib.metadata import version
from pathlib import Path
from typing import Any

from workbench import workspace
from workbench.engines.members import missing
from workbench.engines.prefect import internals


def serve(application: Any, listening: socket.socket) -> None:
    """Answer requests on ``listening``, and never return of itself."""
    import uvicorn

    settings = uvicorn.Config(application, log_level="warning", timeout_keep_alive=5)
    uvicorn.Server(settings).run(sockets=[listening])


def unheard() -> contextlib.AbstractContextManager:
    """Flows that are called in it send no heartbeats, which are for flows whose process is
    elsewhere: each would end a second late, waiting for the thread that sends them."""
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    return temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})


def template() -> Path:
    """Where this machine keeps the empty database of the installed Prefect."""
    return workspace.templates() / f"prefect-{version('prefect')}.db"


def empty_database(template: Path) -> bytes:
    """A database that has every table and no rows: ``template``, if it is there.

    If not, Prefect's migrations make one, which takes seconds, and it becomes the template.
    Raise RuntimeError where they fail.
    """
    if template.exists():
        return template.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "prefect.db")
        migration = multiprocessing.get_context("fork").Process(
            target=internals.migrate, args=(database,)
        )
        migration.start()
        migration.join()
        if migration.exitcode:  # or what is empty would be kept, and copied from then on
            raise RuntimeError("Prefect's migrations have failed; no server can start without them")
        with contextlib.closing(sqlite3.connect(database)) as connection:
            made = connection.serialize()  # its write-ahead log included
    with contextlib.suppress(OSError):  # where it cannot be kept, it is made again
        template.parent.mkdir(parents=True, exist_ok=True)
        part = template.with_suffix(f".{os.getpid()}")
        part.write_bytes(made)
        part.replace(template)  # another process may be making it as well
    return made


def _end_with_standard_input() -> None:
    sys.stdin.read()  # until the workbench, which holds the other end, has ended
    os._exit(0)


def main(descriptor: str, database: str, template: str) -> None:
    if troubles := missing(internals.SERVER_MEMBERS):
        sys.exit("; ".join(troubles))
    application = internals.application()  # first, so that the migrations need not import it again
    if not os.path.exists(database):
        Path(database).write_bytes(empty_database(Path(template)))
    # Only now: a fork while a thread reads standard input would wait for that thread for ever.
    threading.Thread(target=_end_with_standard_input, daemon=True).start()
    serve(application, socket.socket(fileno=int(descriptor)))


if __name__ == "__main__":
    main(*sys.argv[1:])
