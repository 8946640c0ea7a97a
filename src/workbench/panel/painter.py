"""Bringing a page up to date in batches, in a thread that lives as long as something happens."""

import threading
import time
from collections.abc import Callable

# Seconds between two batches: while things happen, and while only the clock goes on.
PAUSE, TICK = 0.05, 0.2


class Painter:
    """Calls ``paint`` soon after `heard`, again and again until nothing happens any more.

    ``paint`` says whether it had something new to show, and whether the page may change without
    being told (a clock that goes on); it must not raise.
    """

    def __init__(self, paint: Callable[[], tuple[bool, bool]]) -> None:
        self._paint = paint
        self._gate = threading.Lock()  # of the two below: who is told last starts the thread
        self._stale = False
        self._thread: threading.Thread | None = None

    def heard(self) -> None:
        """Something happened; any thread may say so, and does not wait for the page."""
        with self._gate:
            self._stale = True
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._keep_up, name="panel painter", daemon=True
                )
                self._thread.start()

    def join(self, seconds: float) -> bool:
        """Wait at most so long for the page to be up to date; say whether it is."""
        if thread := self._thread:
            thread.join(seconds)
        return self._thread is None

    def _keep_up(self) -> None:
        while True:
            self._stale, begun = False, time.monotonic()
            news, lively = self._paint()
            with self._gate:
                if not self._stale and not lively:
                    self._thread = None
                    return
            # A page that takes long to paint gets as much time to rest as it took.
            time.sleep(max(PAUSE if news else TICK, time.monotonic() - begun))
