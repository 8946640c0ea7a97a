"""Judging on a Dask cluster: the answers travel, the results are kept here."""

import logging
import tempfile
from collections.abc import Iterable
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from workbench import extras
from workbench.cohort.handins import HandIn
from workbench.cohort.judges import Keep, Stopping, Task, timed
from workbench.cohort.keepers import Keepers
from workbench.exercises.contents import LARGEST
from workbench.graph import PipelineError
from workbench.sandbox.client import layers_here
from workbench.sandbox.regular import opened_itself

if TYPE_CHECKING:
    from distributed import Client

HOW = "start one: dask scheduler, and on each machine: dask worker ADDRESS --nthreads 2"
SECONDS = 10  # until a scheduler has to have answered
LOST = 5  # how many workers may be lost with the same answer before it is held against it


class Cluster:
    """The workers of a scheduler. A worker that is lost costs nothing: what it had is judged by
    another one. Raise PipelineError where no scheduler answers, or has no worker."""

    def __init__(self, address: str) -> None:
        self._address = address

    @cached_property
    def _client(self) -> "Client":
        extras.require(["cluster"], "--dask")
        import dask
        from distributed import Client

        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what fails is told in a line
        dask.config.set({"distributed.scheduler.allowed-failures": LOST})
        try:
            client = Client(self._address, timeout=SECONDS)
            client.wait_for_workers(1, timeout=SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            raise PipelineError(f"--dask {self._address}: {error}; {HOW}") from None
        return client

    @cached_property
    def level(self) -> str:
        """How all its workers confine answers, by what the weakest one does."""
        levels = {layers.level for layers in self._client.run(layers_here).values()}
        return next(level for level in ("limits", "partial", "full") if level in levels)

    def judge(self, tasks: Iterable[Task], words: bool, keep: Keep, stopping: Stopping) -> None:
        """Send each answer with what it needs, and have each kept as it comes back; those that
        are under way when this is interrupted are given up."""
        from distributed import as_completed

        client, futures = self._client, {}
        try:
            for task in tasks:
                contents = _contents(task.hand_in)
                if contents or task.hand_in.refused:
                    futures[client.submit(judged, task, contents, words, pure=False)] = task
                else:  # a pipe, a folder: what it is can only be said where it lies
                    with Keepers() as keepers:
                        keep(task, *timed(task, words, keepers))
            for future in as_completed([*futures]):
                keep(futures.pop(future), *future.result())
        except BaseException:
            stopping()
            client.cancel([*futures])
            raise


def _contents(hand_in: HandIn) -> dict[str, bytes]:
    """The bytes of what is handed in, by name; of what is refused none."""
    read: dict[str, bytes] = {}
    for path in () if hand_in.refused else hand_in.files:
        file = opened_itself(path)
        if file is not None:
            with file:
                read[path.name] = file.read(LARGEST + 1)
    return read


def judged(task: Task, contents: dict[str, bytes], words: bool) -> tuple[dict, float]:
    """On a worker: judge it as it would be judged where it was handed in."""
    with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
        hand_in = task.hand_in
        for name, content in contents.items():
            Path(folder, name).write_bytes(content)
        if contents:
            files = tuple(Path(folder).resolve() / path.name for path in hand_in.files)
            hand_in = HandIn(hand_in.learner, hand_in.problem, files, hand_in.attempt)
        return timed(Task(hand_in, task.key), words, _keepers())


@cache
def _keepers() -> Keepers:
    """The warm processes of this worker, which end with it."""
    return Keepers().__enter__()
