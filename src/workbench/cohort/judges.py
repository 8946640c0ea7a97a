"""Judging answers several at a time: in threads of this process, each with a warm process."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Protocol

from workbench.cohort.fingerprint import Key
from workbench.cohort.handins import HandIn
from workbench.cohort.keepers import Keepers
from workbench.cohort.results import told
from workbench.exercises import check
from workbench.exercises.registry import exercises, find
from workbench.exercises.report import Report
from workbench.graph import PipelineError
from workbench.sandbox.client import layers_here


@dataclass(frozen=True)
class Task:
    """One hand-in to be judged, and what its result depends on."""

    hand_in: HandIn
    key: Key

    @property
    def whose(self) -> tuple[str, str]:
        return self.hand_in.learner, self.hand_in.problem


Keep = Callable[[Task, dict, float], None]
Stopping = Callable[[], None]


class Judges(Protocol):
    """Where answers are judged."""

    @property
    def level(self) -> str:
        """How answers are confined there: "full", "partial" or "limits"."""

    def judge(self, tasks: Iterable[Task], words: bool, keep: Keep, stopping: Stopping) -> None:
        """Judge them and have each kept, with the seconds it took, as soon as it is there.

        Interrupted, begin no more, and call ``stopping`` before waiting for those under way. Raise
        what ``keep`` raises.
        """


@dataclass(frozen=True)
class Here:
    """On this machine, ``jobs`` at a time; more where a problem mostly waits."""

    jobs: int = 1

    @property
    def level(self) -> str:
        return layers_here().level

    def judge(self, tasks: Iterable[Task], words: bool, keep: Keep, stopping: Stopping) -> None:
        """One problem after the other, so that a process warm for it finds work; those that are
        under way when this is interrupted are ended, and are not kept."""
        for problem, several in groupby(tasks, key=lambda task: task.hand_in.problem):
            per_core = exercises()[problem].per_core if problem in exercises() else 1
            with Keepers() as keepers, ThreadPoolExecutor(self.jobs * per_core) as pool:
                judging = (pool.submit(_kept, task, words, keepers, keep) for task in several)
                try:
                    for future in as_completed([*judging]):
                        future.result()
                except BaseException:
                    pool.shutdown(wait=False, cancel_futures=True)
                    keepers.end_jobs()
                    stopping()
                    raise


def _kept(task: Task, words: bool, keepers: Keepers, keep: Keep) -> None:
    judged = timed(task, words, keepers)
    if not keepers.is_over:
        keep(task, *judged)


def timed(task: Task, words: bool, keepers: Keepers) -> tuple[dict, float]:
    """The report on a hand-in, as it is kept, and the seconds it took."""
    began = time.perf_counter()
    report = report_on(task.hand_in, task.key.seed, words, keepers)
    return told(report), time.perf_counter() - began


def report_on(hand_in: HandIn, seed: int, words: bool, keepers: Keepers) -> Report:
    """The report on a hand-in; where its files lie is nobody's business, and not told."""
    report = check.reported(hand_in.problem, seed, lambda: _judged(hand_in, seed, words, keepers))
    folder = f"{hand_in.file.parent}/"
    return replace(report, note=report.note.replace(folder, ""))


def _judged(hand_in: HandIn, seed: int, words: bool, keepers: Keepers) -> Report:
    if hand_in.refused:
        raise PipelineError(hand_in.refused)
    answer = keepers.reader.submit(check.read, hand_in.problem, hand_in.file, False).result()
    if answer.different:  # which of them counts, a person says
        raise PipelineError(answer.different)
    if answer.code is None or find(hand_in.problem).probe is None:
        return check.judge(hand_in.problem, answer, seed, words=words)
    with keepers.lent(hand_in.problem) as keeper:
        return check.judge(hand_in.problem, answer, seed, keeper, words=words)
