"""Time that passes at once: waits of the usual kinds are added up instead of waited for, and all clocks agree."""

import _thread
import os
import select
import selectors
import sys
import threading
import time

CLOCKS = ("time", "monotonic", "perf_counter")
TICK = 1e-4  # a look at a clock takes this long, so that a loop that watches one comes to its end
PATIENCE = 0.05  # real seconds that another thread gets to release what is waited for


class Clock:
    """Seconds that were waited without time passing; `real` lets every wait happen."""

    def __init__(self):
        self.ahead, self.real = 0.0, True

    def install(self) -> None:
        """Replace waits and clocks in every module that has been imported, and in all that will be."""
        swaps = {id(old): new for old, new in self._replacements()}
        for module in list(sys.modules.values()):
            for name, value in list(getattr(module, "__dict__", {}).items()):
                if id(value) in swaps and module.__name__ != __name__:
                    setattr(module, name, swaps[id(value)])
        for kind in (selectors.SelectSelector, selectors.PollSelector, selectors.EpollSelector):
            kind.select = self._selecting(kind.select)
        os.register_at_fork(after_in_child=self._tell_true_time)

    def _tell_true_time(self) -> None:
        """Another process cannot move this one's time ahead, so a wait there has to happen."""
        self.real = True

    def _replacements(self) -> list[tuple[object, object]]:
        pairs = [
            (time.sleep, self._sleeping(time.sleep)),
            (select.select, self._select(select.select)),
        ]
        for name in CLOCKS:
            pairs += [(getattr(time, name), self._reading(getattr(time, name), 1))]
            pairs += [
                (getattr(time, name + "_ns"), self._reading(getattr(time, name + "_ns"), 10**9))
            ]
        allocate = threading._allocate_lock
        pairs += [
            (old, lambda: Lock(self, allocate()))
            for old in {allocate, threading.Lock, _thread.allocate_lock}
        ]
        return pairs

    def _sleeping(self, sleep):
        def virtual_sleep(seconds):
            if self.real or seconds < 0:
                sleep(seconds)
            self.ahead += 0 if self.real else float(seconds)

        return virtual_sleep

    def _reading(self, read, unit):
        def virtual_clock():
            self.ahead += 0 if self.real else TICK
            return read() + type(read())(self.ahead * unit)

        return virtual_clock

    def _select(self, wait):
        def virtual_select(readable, writable, exceptional, timeout=None):
            if self.real or not timeout:
                return wait(readable, writable, exceptional, timeout)
            ready = wait(
                readable, writable, exceptional, PATIENCE if threading.active_count() > 1 else 0
            )
            self.ahead += 0 if any(ready) else timeout
            return ready

        return virtual_select

    def _selecting(self, wait):
        def virtual_selection(selector, timeout=None):
            if self.real or not timeout or timeout < 0:
                return wait(selector, timeout)
            ready = wait(selector, PATIENCE if threading.active_count() > 1 else 0)
            self.ahead += 0 if ready else timeout
            return ready

        return virtual_selection


class Lock:
    """A lock whose timed waits take no time, unless another thread might end them."""

    def __init__(self, clock: Clock, lock):
        self._clock, self._lock = clock, lock
        self.release, self.locked, self._at_fork_reinit = (
            lock.release,
            lock.locked,
            lock._at_fork_reinit,
        )

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if self._clock.real or not blocking or timeout <= 0:
            return self._lock.acquire(blocking, timeout)
        patience = min(timeout, PATIENCE) if threading.active_count() > 1 else 0
        if self._lock.acquire(patience > 0, patience or -1):
            return True
        self._clock.ahead += timeout
        return False

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_) -> None:
        self.release()
