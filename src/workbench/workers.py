"""Attempts under way: a thread for each, which executes it, stores its output, and says so."""

import contextlib
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from workbench import storage
from workbench.capture import into
from workbench.engines.protocol import Engine, Outcome, Stopped, Ticket, raise_in
from workbench.events import STOPPED, Output

Ended = Callable[[Ticket, Outcome, Output | None], None]


class Workers:
    """The threads of one run; ``ended`` is called in an attempt's, unless it was stopped."""

    def __init__(self, engine: Engine, folder: Path, ended: Ended) -> None:
        self._engine, self._outputs, self._ended = engine, folder / "outputs", ended
        self._under_way: dict[str, tuple[Ticket, threading.Thread]] = {}
        self._leaving: set[threading.Thread] = set()  # the engine has yet to hear of their end
        self._signals: queue.SimpleQueue[None] = queue.SimpleQueue()
        self.fault: Exception | None = None  # why the end of an attempt could not be written down
        engine.notify = self.wake

    def __len__(self) -> int:
        return len(self._under_way)

    @property
    def leaving(self) -> bool:
        """Whether an end stands in the record of which the engine has not heard: it does not say
        yet what follows, and `wait` returns when it can."""
        return bool(self._leaving)

    def start(self, ticket: Ticket) -> None:
        """Begin an attempt; a thread that cannot be ended dies with the process."""
        name = f"task {ticket.task}"
        thread = threading.Thread(target=self._body, args=(ticket,), name=name, daemon=True)
        self._under_way[ticket.task] = ticket, thread
        thread.start()

    def forget(self, ticket: Ticket) -> None:
        """The attempt is over."""
        if attempt := self._under_way.pop(ticket.task, None):
            self._leaving.add(attempt[1])

    def wake(self) -> None:
        """Let ``wait`` return; from any thread."""
        self._signals.put(None)

    def wait(self, seconds: float | None) -> None:
        """Wait until an attempt has ended or the engine wants to be asked again."""
        with contextlib.suppress(queue.Empty):
            # A wait without end cannot be interrupted from the keyboard on every system.
            self._signals.get(timeout=3600.0 if seconds is None else max(seconds, 0.0))

    def abandon(self) -> list[tuple[Ticket, threading.Thread]]:
        """Every attempt under way; nothing of what they still do is written down."""
        attempts = list(self._under_way.values())
        self._under_way.clear()
        for ticket, _ in attempts:
            ticket.stopped.set()
        return attempts

    def end(self, attempts: list[tuple[Ticket, threading.Thread]]) -> None:
        """Make abandoned attempts end, by the engine's means or by an exception in their thread."""
        for ticket, thread in attempts:
            if not self._engine.cancel(ticket):
                raise_in(thread, Stopped)
        self.wake()

    def _body(self, ticket: Ticket) -> None:
        outcome, stored = self._perform(ticket)
        try:
            # A Stopped may arrive at any line of this thread, and here it comes too late to matter.
            with contextlib.suppress(Stopped):
                self._ended(ticket, outcome, stored)
            with contextlib.suppress(Stopped):
                self._engine.written(ticket)
        except Exception as error:  # a full disk: whoever drives the run has to hear of it
            self.fault = error
            self.forget(ticket)
        self._leaving.discard(threading.current_thread())
        self.wake()

    def _perform(self, ticket: Ticket) -> tuple[Outcome, Output | None]:
        """Execute the attempt and store what it returned; whatever happens becomes an outcome."""
        try:
            with into(ticket.log):
                outcome = self._engine.execute(ticket)
                if outcome.kind not in ("succeeded", "cached"):
                    return outcome, None
                name = f"{quote(ticket.task, safe='[]')}.{ticket.number}"
                return outcome, storage.save(outcome.value, self._outputs, name)
        except Stopped:
            return Outcome("failed", error=STOPPED), None
        except BaseException as error:  # a full disk, an engine's fault, a value that ends Python
            reason = f"{type(error).__name__}: {error}"
            return Outcome("failed", error=f"could not be finished: {reason}"), None
