"""Runs a command, and kills it with all that it has started when its own input ends.

``python keeper.py COMMAND…`` imports nothing of the workbench. Its input is a pipe from the process
that wants the command to run, which breaks however that process ends.
"""

import os
import signal
import subprocess
import sys
import threading


def main(*command: str) -> None:
    os.setsid()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    threading.Thread(target=end_with, args=(child,), daemon=True).start()
    sys.stdin.buffer.read()
    os.killpg(0, signal.SIGKILL)


def end_with(child: subprocess.Popen) -> None:
    """Where the command ends by itself, so does this process."""
    os._exit(child.wait())


if __name__ == "__main__":
    main(*sys.argv[1:])
