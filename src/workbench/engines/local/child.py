"""The process in which one attempt of a local task runs when it must be possible to end it:
timeout, stop, kill.

``python -m workbench.engines.local.child PARENT FOLDER PATH…`` reads FOLDER/call and writes
FOLDER/result; PARENT is the id of the process that started it.
"""

import ctypes
import logging
import os
import signal
import sys
import traceback
from pathlib import Path

PR_SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """From now on this process is killed when its parent, whose id is ``parent``, has died."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it had died before this was set
            os.kill(os.getpid(), signal.SIGKILL)


def main(parent: str, folder: str, *path: str) -> None:
    end_with(int(parent))
    sys.path[:] = path
    logging.basicConfig(
        level=logging.INFO, stream=sys.stdout, format="%(levelname)s %(name)s: %(message)s"
    )
    import cloudpickle

    value = error = None
    try:
        function, inputs, injection = cloudpickle.loads(Path(folder, "call").read_bytes())
        value = function(**inputs)
        if injection == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        result = cloudpickle.dumps((value, None))
    except BaseException as raised:  # SystemExit too is how a task may end
        trace = traceback.TracebackException.from_exception(raised)
        trace.stack = traceback.StackSummary.from_list(trace.stack[1:])
        print("".join(trace.format()), end="")
        error = (type(raised).__name__, " ".join(str(raised).split()))
        result = cloudpickle.dumps((None, error))
    part = Path(folder, "part")
    part.write_bytes(result)
    part.replace(Path(folder, "result"))


if __name__ == "__main__":
    main(*sys.argv[1:])
