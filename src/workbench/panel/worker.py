"""What a button begins, done in a thread of its own, so that the kernel stays free."""

import threading
from collections.abc import Callable


class Worker:
    """Does one thing at a time, and some things beside it.

    ``failed`` is told what a learner's code, an engine or the panel raised, so that none of it is
    lost in a thread; ``changed`` is called when work has been begun and when it has ended.
    """

    def __init__(self, failed: Callable[[Exception], None], changed: Callable[[], None]) -> None:
        self._failed, self._changed = failed, changed
        self._gate = threading.Lock()  # of `busy`: of two clicks at once one begins
        self.busy = False
        self._threads: set[threading.Thread] = set()

    @property
    def active(self) -> bool:
        """Whether anything that was begun goes on, alone or beside."""
        return self.busy or any(thread.is_alive() for thread in tuple(self._threads))

    def alone(self, work: Callable[[], object]) -> None:
        """Do ``work``, unless something else that wants to be alone is under way."""
        with self._gate:
            if self.busy:
                return
            self.busy = True
        self._start(work, self._rest)

    def beside(self, work: Callable[[], object]) -> None:
        """Do ``work``, whatever else is under way."""
        self._start(work, lambda: None)

    def _rest(self) -> None:
        self.busy = False

    def _start(self, work: Callable[[], object], finish: Callable[[], None]) -> None:
        def body() -> None:
            try:
                work()
            except Exception as error:
                self._failed(error)
            finally:
                finish()
                self._changed()
                self._threads.discard(threading.current_thread())

        thread = threading.Thread(target=body, name="panel", daemon=True)
        self._threads.add(thread)
        thread.start()
        self._changed()
