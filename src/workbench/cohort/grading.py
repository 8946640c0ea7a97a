"""Grading a class: what has no result yet is judged, several at a time, and each result is kept as
it comes; what breaks one costs only that one."""

import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from workbench.cohort import collected, files, fingerprint, table
from workbench.cohort.fingerprint import Key
from workbench.cohort.handins import HandIn
from workbench.cohort.judges import Here, Judges, Task
from workbench.cohort.results import Result, Store, newest, told
from workbench.cohort.settings import Settings, settled
from workbench.cohort.standings import Standing, standings
from workbench.exercises.registry import exercises
from workbench.exercises.report import unusable
from workbench.exercises.verdict import PASSED
from workbench.graph import PipelineError

APART = "results lie apart from what was handed in, in which somebody could plant one: not in {}"
CHANGED = "it was changed while the class was graded; grade the class again"


@dataclass(frozen=True)
class Shard:
    """One of several parts of a class that are judged apart; raise PipelineError for `5/4`."""

    number: int = 1
    of: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.of:
            raise PipelineError(f"--shard {self.number}/{self.of}: the shards are 1 to {self.of}")

    def holds(self, task: Task) -> bool:
        """Whether it is to be judged in this part; the parts of a class have nothing in common."""
        return (
            zlib.crc32("/".join(task.whose).encode(errors="surrogateescape")) % self.of
            == self.number - 1
        )


@dataclass
class Grading:
    """Grading one class: its own files lie in ``root``, what was handed in anywhere.

    Raise PipelineError for settings that cannot be read, where results cannot be written, and where
    they would lie among what was handed in: a learner could hand in a result.
    """

    root: Path
    hand_ins: list[HandIn]
    judges: Judges = field(default_factory=Here)
    seed: int | None = None

    def __post_init__(self) -> None:
        self.store = Store(self.root)
        there = {hand_in.file.parent.parent for hand_in in self.hand_ins if hand_in.problem}
        for folder in map(Path.resolve, there):
            if self.store.folder.resolve().is_relative_to(folder):
                raise PipelineError(f"{self.root}: {APART.format(folder)}")
        self.settings = settled(self.root, self.seed)
        self._timings: dict[HandIn, float] = {}

    def tasks(self) -> list[Task]:
        """What may count, by problem."""
        lines = [line.timed(self.settings.due) for line in collected.read(self.root)]
        late = collected.late(lines)
        chosen = [
            hand_in
            for _, attempts in groupby(sorted(self.hand_ins, key=_whose), key=_whose)
            for hand_in in _counting([*attempts], self.settings, late)
        ]
        return sorted(map(self._task, chosen), key=lambda task: task.hand_in.problem)

    def _task(self, hand_in: HandIn) -> Task:
        answer = fingerprint.of_answer(hand_in)
        key = Key(
            answer,
            fingerprint.of_exercise(hand_in.problem, self.settings.words),
            fingerprint.of_judge(),
            self.judges.level,
            fingerprint.seed_of(hand_in.learner, answer, self.settings.seed),
        )
        return Task(hand_in, key)

    def run(
        self,
        again: bool = False,
        shard: Shard = Shard(),
        planned: Callable[[int], None] = lambda count: None,
        done: Callable[[], None] = lambda: None,
        stopping: Callable[[], None] = lambda: None,
    ) -> list[Standing]:
        """Judge what has no result, or all of it again; give where everybody stands.

        planned is called with how many that are, done after each. Interrupted, it calls
        ``stopping`` and writes the tables before those under way have ended, and once more then.
        """
        tasks = self.tasks()
        missing = [task for task in tasks if shard.holds(task) and (again or not self._kept(task))]
        planned(len(missing))
        standing = self._written(tasks)
        if not missing:
            return standing

        def keep(task: Task, report: dict, seconds: float) -> None:
            attempt, key = task.hand_in.attempt, task.key
            now = fingerprint.of_answer(task.hand_in)
            if now != key.answer:
                # Judged was the one or the other; kept as what nobody has, it is judged again.
                key, report = replace(key, answer=f"{key.answer}-{now}"), _changed(task)
            if self.store.add(Result(*task.whose, attempt, key, report), task.hand_in):
                self._timings[task.hand_in] = seconds
            done()

        def interrupted() -> None:
            stopping()
            with suppress(PipelineError):  # where there is no room, the first to say so is heard
                self._written(tasks)

        try:
            self.judges.judge(missing, self.settings.words, keep, interrupted)
        finally:
            table.add_timings(self.root, self._timed)
            standing = self._written(tasks)
        return standing

    def _timed(self) -> table.Timings:
        """How long judging took of what is there by now: who was forgotten meanwhile stays so."""
        timings = self._timings.items()
        return {(*_whose(one), one.attempt): took for one, took in timings if one.is_there}

    def _kept(self, task: Task) -> bool:
        return newest(self.store.of(*task.whose), task.hand_in.attempt, task.key) is not None

    def standings(self) -> list[Standing]:
        """Where everybody stands by what is judged; the tables are written anew."""
        return self._written(self.tasks())

    def _written(self, tasks: Iterable[Task]) -> list[Standing]:
        """Say of each result whether it counts and is withdrawn, and write the tables of all."""
        counting, by_whose = [], {}
        with files.turn(self.root):
            held = [hand_in for hand_in in self.hand_ins if hand_in.is_there]
            there = {(*_whose(hand_in), hand_in.attempt) for hand_in in held}
            for task in tasks:
                if task.hand_in.is_there:
                    by_whose.setdefault(task.whose, []).append(task)
            unjudged = set(by_whose)
            for results in self.store.everything():
                marked = [_marked(result, there) for result in results]
                whose = marked[0].learner, marked[0].problem
                first = _first(marked, by_whose.get(whose, ()))
                unjudged.discard(whose)
                self.store.write([first, *(result for result in marked if result is not first)])
                counting.append(first)
            standing = standings(self.root, counting, self.settings, unjudged)
            table.write(self.root, standing)
        return standing


def _changed(task: Task) -> dict:
    """The report on what was changed while it was judged."""
    problem = task.hand_in.problem
    return told(replace(unusable(problem, CHANGED, exercises().get(problem)), seed=task.key.seed))


def _whose(hand_in: HandIn) -> tuple[str, str]:
    return hand_in.learner, hand_in.problem


def _counting(attempts: list[HandIn], settings: Settings, late: dict) -> list[HandIn]:
    """The attempts that may count by the class's rule, of all in their order."""
    in_time = [
        attempt for attempt in attempts if late.get((*_whose(attempt), attempt.attempt)) != "yes"
    ]
    return {
        "last": attempts[-1:],
        "first": attempts[:1],
        "in time": (in_time or attempts)[-1:],
        "best": attempts,
    }[settings.attempt]


def _marked(result: Result, there: set[tuple[str, str, str]]) -> Result:
    whose = result.learner, result.problem, result.attempt
    return replace(result, withdrawn=whose not in there)


def _first(results: list[Result], tasks: Iterable[Task]) -> Result:
    """The result that counts: of what may count the best, else the one that counted before."""
    judged = [newest(results, task.hand_in.attempt, task.key) for task in tasks]
    return max(filter(None, judged), key=_rank, default=results[0])


def _rank(result: Result) -> tuple:
    report = result.report
    return report["outcome"] == PASSED, report["score"], report["stretch"]["score"]
