"""What is next in a run: which tasks are ready, which are due, and when nothing is left.

There is no lock, no thread and no file here: a scheduler is told of every event, and asked. What a
task waits for, and what follows from a failure, is up to the engine; the scheduler decides whom to
ask about what, and keeps the answers.
"""

import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from workbench.engines.protocol import Change, Engine
from workbench.events import DONE, STATE_OF, Event
from workbench.graph import template_of
from workbench.record import Record


@dataclass(frozen=True)
class Turn:
    """What a run does next: start these tasks, then wait until something ends, ``seconds`` at most
    (None: however long it takes). ``over``: nothing that was wanted is ready, or will be."""

    start: tuple[str, ...] = ()
    seconds: float | None = None
    over: bool = False


class Scheduler:
    """The tasks of one run, as they move from waiting to ready to running to ended.

    A task is waiting until the engine, asked about it, says that it may start. It is asked about
    a task when one upstream of it has ended, when the task has appeared or was cleared. A task
    that is to be tried again is ready at once, and due when its delay is over.

    ``jobs`` is the number of tasks that run at once. Delays between attempts are waited for if
    ``real_delays``; those of a sensor, which only looks again, always are.
    """

    def __init__(self, record: Record, jobs: int, real_delays: bool = False) -> None:
        self._record, self._jobs, self._real_delays = record, jobs, real_delays
        self.running: set[str] = set()
        self.asking: set[str] = set()  # tasks that wait for a person's answer
        self._ready: list[str] = []  # in topological order: the next is at hand among thousands
        self._due: dict[str, float] = {}  # second of the run before which a task does not start
        # What the engine is to be asked about. A dict for its order; None stands for every task.
        self._unasked: dict[str, None] | None = {}
        for event in record.events:
            self.follow(event)
        self._unasked = None

    @property
    def ready(self) -> tuple[str, ...]:
        """Tasks that could start now, in topological order."""
        return tuple(self._ready)

    @property
    def idle(self) -> bool:
        """Whether nothing runs, nothing is ready and nobody is asked."""
        return not (self.running or self._ready or self.asking)

    def order(self, task: str) -> tuple[int, tuple[int, ...], str]:
        """Sorts tasks topologically, and the instances of one template by their number."""
        position = self._record.graph.position
        if "[" not in task:
            return position.get(task, 0), (), task
        numbers = tuple(map(int, re.findall(r"\[(\d+)\]", task)))
        return position.get(template_of(task), position.get(task, 0)), numbers, task

    # What happens

    def follow(self, event: Event) -> None:
        """Take note of an event that stands in the record."""
        if event.kind == "graph":
            self._ask_about(event.detail.get("tasks", ()))
        elif event.task is None or event.kind not in STATE_OF:
            return
        elif event.kind in ("queued", "started"):
            self._take(event.task)
            self.running.add(event.task)
        elif event.kind == "cleared":
            self._take(event.task)
            self._ready.clear()  # what is ready may wait for the cleared task now
            self._unasked = None
        else:
            self._end(event)

    def _take(self, task: str) -> None:
        """The task is neither ready nor running any more."""
        self.running.discard(task)
        self.asking.discard(task)
        self._due.pop(task, None)
        index = self._index(task)
        if self._ready[index : index + 1] == [task]:
            del self._ready[index]

    def _end(self, event: Event) -> None:
        task = event.task
        self._take(task)
        if event.kind == "retrying" and "asks" in event.detail:
            self.asking.add(task)
        elif event.kind == "retrying":
            self._make_ready(task)
            if self._real_delays or event.detail["error"] is None:
                self._due[task] = event.at + event.detail["delay"]
        graph = self._record.graph
        # Itself too: its end may have left room for another, as in a loop that has a limit.
        self._ask_about((task, *(graph.downstream(task) if task in graph.position else ())))

    def _ask_about(self, tasks: Iterable[str]) -> None:
        if self._unasked is not None:
            self._unasked.update(dict.fromkeys(tasks))

    def _index(self, task: str) -> int:
        return bisect.bisect_left(self._ready, self.order(task), key=self.order)

    def _make_ready(self, task: str) -> None:
        index = self._index(task)
        if self._ready[index : index + 1] != [task]:
            self._ready.insert(index, task)

    def answered(self, task: str) -> None:
        """The task may go on; the engine says when."""
        self.asking.discard(task)
        self._ask_about([task])

    def hurry(self, task: str) -> None:
        """Whoever steps a task that waits for its delay wants it to start now."""
        self._due.pop(task, None)

    # What follows

    def settle(self, engine: Engine) -> Iterator[Change]:
        """Ask the engine what follows from what is finished, until nothing more does.

        Each change is to be written into the record, and followed, before the next is asked for.
        If the engine raises, it will be asked the same again.
        """
        states, by_itself = self._record.current, self._record.graph.dynamic
        if by_itself:  # an engine that finds its tasks by running is asked whatever has happened
            self._ready.clear()
        while by_itself or self._unasked is None or self._unasked:
            asked, self._unasked, by_itself = self._unasked, {}, False
            among = dict.fromkeys(states) if asked is None else asked
            try:
                decision = engine.decide(states, among)
            except BaseException:
                self._unasked = asked
                raise
            yield from decision.changes
            for task in decision.ready:
                if task not in self.running:
                    self._make_ready(task)

    def conclude(self, engine: Engine) -> Iterator[Change]:
        """The run's own end, when nothing is left and the engine sees one."""
        record = self._record
        if not self.idle or record.state in ("success", "failed"):
            return
        if ended := engine.conclusion(record.current):
            if record.state != "running":
                yield Change("started", None)
            yield Change(ended[0], None, ended[1])

    def turn(self, now: float, wanted: set[str] | None = None, most: int | None = None) -> Turn:
        """What to do at second ``now`` of the run, if the tasks ``wanted`` (None: all; a template
        stands for its instances) are to be run and ``most`` more attempts may be started."""
        slots = self._jobs - len(self.running)
        slots = max(slots if most is None else min(slots, most), 0)
        waiting = (task for task in self._ready if _is_wanted(task, wanted))
        due = (task for task in waiting if self._due.get(task, 0.0) <= now)
        start = tuple(islice(due, slots))
        if len(start) == slots and (start or self.running):
            return Turn(start)  # nothing else can start before one of them has ended
        delays = [
            second - now
            for task, second in self._due.items()
            if second > now and _is_wanted(task, wanted)
        ]
        if start or self.running or (delays and most != 0):
            return Turn(start, min(delays, default=None))
        return Turn(over=True)

    def hindrance(self, task: str) -> str:
        """Why a task is not ready, in words."""
        record, graph = self._record, self._record.graph
        if task in self.asking:
            return "it waits for a person's answer; give it by Run.answer"
        waits = [up for up in graph.any_upstream(task) if record.state_of(up) not in DONE]
        if waits:
            return f"it waits for {', '.join(waits)}"
        return f"its state is {record.state_of(task)}"


def _is_wanted(task: str, wanted: set[str] | None) -> bool:
    return wanted is None or task in wanted or template_of(task) in wanted
