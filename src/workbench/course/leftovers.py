"""Ending what the cells of a notebook have started: it would go on when their kernel has ended."""

import contextlib
from collections.abc import Iterator

import psutil

from workbench.sandbox.process import adopt_orphans

ROUNDS = 100  # in which a process that is ended may have started another
END = 5  # seconds that the end of those may take


@contextlib.contextmanager
def ended() -> Iterator[None]:
    """Let no process outlive the block that has come to be below this one in it."""
    with contextlib.suppress(OSError, AttributeError):  # only Linux hands orphans on
        adopt_orphans()
    before = _below()
    try:
        yield
    finally:
        for _ in range(ROUNDS):
            left = _below() - before
            if not left:
                break
            for process in left:
                with contextlib.suppress(psutil.Error):
                    process.kill()
            psutil.wait_procs(left, END)


def _below() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))
