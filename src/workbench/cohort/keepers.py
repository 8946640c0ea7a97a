"""Warm processes, each lent to one judge at a time."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from workbench.exercises import check
from workbench.sandbox.client import Keeper


class Keepers:
    """As many warm processes per problem as are judged at once. Use it as a context manager."""

    def __enter__(self) -> "Keepers":
        self._opened = ExitStack()
        # Files are read one at a time, by one thread: a large one takes several times its size, and
        # what each thread has taken for that is not given back.
        self.reader = self._opened.enter_context(ThreadPoolExecutor(1))
        self._gate = threading.Lock()  # of the two, while a judge in another thread takes or gives
        self._idle: dict[str, list[Keeper]] = defaultdict(list)
        self._warm: list[Keeper] = []
        self.is_over = False  # what is judged from then on says nothing of an answer
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.close()

    def end_jobs(self) -> None:
        """End what is being judged in them."""
        with self._gate:
            self.is_over = True
            for keeper in self._warm:
                keeper.end_jobs()

    @contextmanager
    def lent(self, problem: str) -> Iterator[Keeper]:
        """A process that has imported what answers to the problem need.

        One that has ended, or that a judge broke with, is not lent again.
        """
        with self._gate:
            idle = self._idle[problem]
            keeper = idle.pop() if idle else None
        if keeper is None:
            keeper = check.warm(problem)
            keeper.__enter__()  # an import of seconds: not under the lock
            with self._gate:
                self._opened.push(keeper)
                self._warm.append(keeper)
                if self.is_over:
                    keeper.end_jobs()
        yield keeper
        if keeper.process.poll() is None:
            with self._gate:
                self._idle[problem].append(keeper)
