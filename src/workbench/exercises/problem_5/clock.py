"""Time that passes at once: waits of the usual kinds are added up instead of waited for.

All clocks agree with that. The trick is to replace the functions that wait or tell the time, in
every module that holds one of them, before an answer is loaded. It fails for what keeps such a
function elsewhere (in a closure, an instance or a C extension, as asyncio's C loop would) or calls
the operating system itself: time really passes then, and the judge, who measures it outside,
counts that instead.
"""

import _thread
import os
import select
import selectors
import sys
import threading
import time
from collections.abc import Callable

from workbench.exercises.problem_5.callers import Callers

# Of this module, which `install` leaves alone.
really_sleep, really_now, really_lock = time.sleep, time.monotonic, _thread.allocate_lock
LONGEST = threading.TIMEOUT_MAX  # seconds; longer waits, and those of NaN, are errors
CLOCKS = ("time", "monotonic", "perf_counter")
TICK = 1e-4  # a look at a clock takes this long, so that a loop that watches one comes to its end
PATIENCE = 0.05  # real seconds that another thread gets to release what is waited for
# Real seconds between two looks of a thread whose waits do not count, and how many must show a
# caller that waits, perhaps for that thread; what a thread gets that is woken, and how many are.
LOOK, STILL, TURN, MOST_WOKEN = 0.004, 3, 0.001, 100


class Clock:
    """Seconds that were waited without time passing; `real` lets every wait happen.

    callers: the threads whose waits count. Those of any other end when the time has come for them.
    """

    def __init__(self):
        self.ahead, self.real, self.callers = 0.0, True, Callers()
        # Threads that wait without being one: until when, and what wakes them.
        self._aside: dict[int, tuple[float, _thread.LockType]] = {}

    def install(self) -> None:
        """Replace waits and clocks in every module that has been imported, and in all to come.

        Functions are compared by identity, since a module may hold one under any name
        (`from time import sleep as pause`); the originals stay alive in `replacements`, so no
        other object can have got the identity of one of them.
        """
        replacements = self._replacements()
        by_identity = {id(original): replacement for original, replacement in replacements}
        for module in list(sys.modules.values()):
            if getattr(module, "__name__", None) == __name__:
                continue
            for name, value in list(getattr(module, "__dict__", {}).items()):
                if id(value) in by_identity:
                    setattr(module, name, by_identity[id(value)])
        for kind in (selectors.SelectSelector, selectors.PollSelector, selectors.EpollSelector):
            kind.select = self._selecting(kind.select)
        os.register_at_fork(after_in_child=self._tell_true_time)

    def _tell_true_time(self) -> None:
        """Another process cannot move this one's time ahead, so a wait there has to happen."""
        self.real = True

    def _replacements(self) -> list[tuple[Callable, Callable]]:
        pairs = [
            (time.sleep, self._sleeping(time.sleep)),
            (select.select, self._select(select.select)),
        ]
        for name in CLOCKS:
            for clock, unit in ((name, 1), (f"{name}_ns", 10**9)):
                read = getattr(time, clock)
                pairs.append((read, self._reading(read, unit)))
        allocate = _thread.allocate_lock

        def virtual_lock() -> Lock:
            return Lock(self, allocate())

        # threading.Lock is the function itself up to Python 3.12, and a class since.
        pairs += [(original, virtual_lock) for original in {allocate, threading.Lock}]
        return pairs

    def _sleeping(self, sleep):
        def virtual_sleep(seconds):
            number = isinstance(seconds, float) or hasattr(seconds, "__index__")
            if self.real or not number or not 0 <= seconds <= LONGEST:  # sleep's, and its errors
                sleep(seconds)
            else:
                self.wait(float(seconds))

        return virtual_sleep

    def _reading(self, read, unit):
        def virtual_clock():
            if not self.real and (self.callers.present() or self.callers.blocked()):
                self.ahead += TICK
            return read() + type(read())(self.ahead * unit)

        return virtual_clock

    def _select(self, wait):
        def virtual_select(readable, writable, exceptional, timeout=None):
            if self.real or not timeout or not 0 < timeout <= LONGEST:
                return wait(readable, writable, exceptional, timeout)
            ready = wait(readable, writable, exceptional, _patience())
            if not any(ready):
                self.wait(timeout)
            return ready

        return virtual_select

    def _selecting(self, wait):
        def virtual_selection(selector, timeout=None):
            if self.real or not timeout or not 0 < timeout <= LONGEST:
                return wait(selector, timeout)
            ready = wait(selector, _patience())
            if not ready:
                self.wait(timeout)
            return ready

        return virtual_selection

    def wait(self, seconds: float, come: Callable[[float], bool] | None = None) -> bool:
        """Let a wait pass; whether what is waited for has come before its end.

        come: tells that after it has really waited for at most so long; asked where others count.
        """
        until = self.ahead + seconds
        if self.callers.present():
            self._wake(until)
            self.ahead = max(self.ahead, until)
            return False
        woken = really_lock()
        woken.acquire()
        come = come or (lambda patience: woken.acquire(True, patience) and False)
        began, place, looks = really_now(), None, 0
        self._aside[_thread.get_ident()] = until, woken
        try:
            while self.ahead + really_now() - began < until:
                if come(LOOK):
                    return True
                before, place = place, self.callers.blocked()
                looks = looks + 1 if place and place == before else 0
                if looks >= STILL and until <= min(at for at, _ in list(self._aside.values())):
                    self.ahead = max(self.ahead, until)
            return False
        finally:
            del self._aside[_thread.get_ident()]

    def _wake(self, until: float) -> None:
        """Give those their turn whose waits end before that."""
        for _ in range(MOST_WOKEN):
            due = [(at, thread, lock) for thread, (at, lock) in list(self._aside.items())]
            at, thread, lock = min(due, default=(until, 0, None), key=lambda one: one[0])
            if at >= until:
                return
            self.ahead = max(self.ahead, at)
            if lock.locked():
                lock.release()
            for _ in range(round(2 * LOOK / TURN)):
                really_sleep(TURN)
                if self._aside.get(thread, (0, None))[1] is not lock:
                    break


def _patience() -> float:
    """Real seconds to wait: none where no other thread could end the wait."""
    return PATIENCE if threading.active_count() > 1 else 0


class Lock:
    """A lock whose timed waits take no time, unless another thread might end them."""

    def __init__(self, clock: Clock, lock):
        self._clock, self._lock = clock, lock
        self.release, self.locked = lock.release, lock.locked
        self._at_fork_reinit = lock._at_fork_reinit  # threading asks it of every lock after a fork

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if self._clock.real or not blocking or not 0 < timeout <= LONGEST:
            return self._lock.acquire(blocking, timeout)
        if not self._clock.callers.present():
            return self._clock.wait(timeout, lambda patience: self._lock.acquire(True, patience))
        patience = min(timeout, _patience())
        if self._lock.acquire(patience > 0, patience or -1):
            return True
        return self._clock.wait(timeout)

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_) -> None:
        self.release()
