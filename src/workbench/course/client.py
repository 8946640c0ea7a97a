"""Jupyter's client that executes a notebook, with a bound on what its cells may print."""

import asyncio
import contextlib
import os
import signal
from typing import Any

from nbclient import NotebookClient

MOST = 50 << 20  # characters of a notebook's outputs; what lies in a notebook is held in memory
EACH = 5_000  # characters that an output counts besides: a message takes its time


class Client(NotebookClient):
    """Ends the kernel of a notebook that prints more than ``MOST``; the rest is left out."""

    printed, is_terminated = 0, False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, on_notebook_start=self._listen, **kwargs)

    def _listen(self, **_: Any) -> None:
        """Tell SIGTERM from Ctrl-C, which are the same to nbclient, and after them nothing more."""

        def terminated() -> None:
            self.is_terminated = True
            os.kill(os.getpid(), signal.SIGINT)

        def wrong(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
            # nbclient looks at the kernel each second, also when an interrupt has ended it.
            if self.kc is not None:
                loop.default_exception_handler(context)

        loop = asyncio.get_running_loop()
        loop.set_exception_handler(wrong)
        with contextlib.suppress(RuntimeError):  # in another thread than the main one
            loop.add_signal_handler(signal.SIGTERM, terminated)

    @property
    def is_flooded(self) -> bool:
        """Whether that has happened."""
        return self.printed > MOST

    @property
    def is_interrupted(self) -> bool:
        """Whether this process was told to end, upon which nbclient ends the kernel alone."""
        return getattr(self, "_async_cleanup_kernel_future", None) is not None

    def output(self, outs: list[Any], msg: dict[str, Any], *args: Any) -> Any:
        """Take an output of the cell under way."""
        content = msg["content"]
        held = content.get("text") or "".join(map(str, content.get("data", {}).values()))
        self.printed += len(held) + EACH
        if not self.is_flooded:
            return super().output(outs, msg, *args)
        os.kill(self.km.provisioner.pid, signal.SIGKILL)
        return None
