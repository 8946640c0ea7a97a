"""What there is to see of a run at its cursor: states, outputs, what tasks received and ask."""

import math
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench import received, workspace
from workbench.breakpoints import Expression, watched
from workbench.driver import Driver
from workbench.engines.protocol import Engine
from workbench.events import Question
from workbench.graph import Graph, template_of
from workbench.masking import Mask
from workbench.opening import Opening
from workbench.outputs import Outputs
from workbench.record import Record
from workbench.standins import Kept, last_output


class Seen:
    """One run, as whoever looks at it has it; `Run` steers it as well."""

    engine: Engine
    record: Record
    folder: Path
    _opening: Opening
    _driver: Driver
    _cursor: int | None
    _commanded: threading.Lock
    _watches: tuple[Expression, ...]

    @property
    def thing(self) -> Any:
        """What the learner wrote."""
        return self._opening.thing

    @property
    def graph(self) -> Graph:
        return self.record.graph

    @property
    def now(self) -> float:
        """Seconds since the run began, on the clock that its events are written down by."""
        return self._driver.now

    @property
    def epoch(self) -> float:
        """The Unix time at which the run began."""
        return self._driver.epoch

    @property
    def states(self) -> dict[str, str]:
        """The state of every task at the cursor."""
        return self.record.states(self._cursor)

    @property
    def cursor(self) -> int | None:
        """The event that ``back`` went to; None for now."""
        return self._cursor

    @property
    def busy(self) -> bool:
        """Whether somebody is running tasks of this run at the moment."""
        return self._commanded.locked()

    @property
    def outputs(self) -> Outputs:
        """Task → what it returned, as of the cursor."""
        return Outputs(self.record, self._cursor, self._driver.memory)

    @property
    def injections(self) -> Mapping[str, str]:
        """Task → how its coming attempts are made to fail."""
        return dict(self._driver.injections)

    @property
    def questions(self) -> Mapping[str, Question]:
        """Task → what it asks a person, as long as it waits for the answer."""
        asking = sorted(self._driver.scheduler.asking, key=self._driver.scheduler.order)
        return {task: self.record.last(task, "retrying").detail["asks"] for task in asking}

    def inputs(self, task: str) -> dict[str, Any]:
        """What the task receives, by name, of what has finished at the cursor."""
        return self.engine.inputs(self._known(task), self.outputs)

    def received(self, task: str, attempt: int | None = None) -> dict[str, Any]:
        """What an attempt (the last one, unless given) received as it ran: its arguments, and what
        the engine had made of templates, placeholders and futures. What is called a secret is
        masked. Empty before there is an attempt."""
        end = math.inf if self._cursor is None else self._cursor
        begun = [event for event in self.record.of(self._known(task)) if event.kind == "queued"]
        asked = [e for e in begun if e.seq <= end and attempt in (None, e.attempt)]
        if not asked:
            return {}
        kept = received.read(self._driver.log_of(task, asked[-1].attempt))
        outputs = Outputs(self.record, asked[-1].seq, self._driver.memory)
        return kept or {"arguments": Mask().value(self.engine.inputs(task, outputs))}

    def last_output(self, task: str) -> Kept | None:
        """The latest output of the task that is kept, of this run or of an earlier one of its name;
        None where there is none."""
        earlier = workspace.earlier_runs(self.record.name)
        return last_output(task, self.record, (path for path in earlier if path != self.folder))

    def log(self, task: str, attempt: int | None = None) -> str:
        """What an attempt (the last one, unless given) printed, logged and raised."""
        attempts = self.record.attempts(self._known(task))
        if attempt is None:
            attempt = attempts[-1].number if attempts else 0
        path = self._driver.log_of(task, attempt)
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def source(self, task: str) -> str | None:
        """The code of the task as its author wrote it; None where there is none."""
        return self.engine.source(self._known(task))

    def words(self, task: str) -> str | None:
        """The engine's own word for the task's state."""
        return self.engine.words(task)

    def ready(self) -> list[str]:
        """Tasks that could start now (at the cursor: then), in topological order."""
        with self._driver.lock:
            if self._cursor is not None:
                states = self.states
                retrying = [task for task, state in states.items() if state == "retrying"]
                ready = {*retrying, *self.engine.ready_at(states, self.outputs)}
                return sorted(ready, key=self._driver.scheduler.order)
            if not self._driver.workers:
                self._driver.refresh()
            return list(self._driver.scheduler.ready)

    @property
    def breakpoints(self) -> Mapping[str, str]:
        """Task → its breakpoint, in words."""
        return {point.task: str(point) for point in self._driver.breakpoints}

    @property
    def halted(self) -> str | None:
        """The breakpoint at which the last command has ended, in words; None for another end."""
        return self._driver.halted

    @property
    def watched(self) -> Mapping[Expression, tuple[tuple[int, str], ...]]:
        """Expression → its values along the run, each with the event since which it is so."""
        return {expression: watched(self.record, expression) for expression in self._watches}

    @property
    def _names(self) -> set[str] | None:
        """What an expression over outputs may name; None where tasks may come."""
        return None if self.graph.dynamic else {*self.graph.tasks, *self.record.current}

    def _known(self, task: str) -> str:
        """``task``, if there is one, or will be on a dynamic graph; PipelineError otherwise."""
        template = template_of(task) if self.graph.dynamic and isinstance(task, str) else task
        if task not in self.record.current and template not in self.graph.position:
            self.graph.known(task)
        return task
