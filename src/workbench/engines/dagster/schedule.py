"""What may start, what is skipped and what grows: Dagster's scheduler, told what the record has."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from workbench.engines.dagster.internals.plans import Bound, Scheduler, Step, planned, steps_in
from workbench.engines.dagster.naming import edges, named, template
from workbench.engines.dagster.values import needs_value, parts
from workbench.engines.protocol import Change, Decision
from workbench.events import DONE, FAILED, FINISHED, NO_ITEM
from workbench.graph import Graph


class Schedule:
    """The steps of one Dagster run, as they come; ``value`` gives what a task has made."""

    def __init__(self, bound: Bound, graph: Graph, value: Callable[[str], Any]) -> None:
        self.plan, self._job, self._graph, self._value = planned(bound), bound.job, graph, value
        self.scheduler = Scheduler(self.plan)
        self.steps: dict[str, Step] = {}  # name → step
        self.names: dict[str, str] = {}  # key → name
        self.scheduler.advance()
        self._look()

    def _look(self) -> None:
        """Take in the steps that a dynamic output has brought."""
        steps = {step.key: step for step in steps_in(self.plan, self._job)}
        self.names = named(steps.values(), self.scheduler.mappings)
        self.steps = {name: steps[key] for key, name in self.names.items()}

    def decide(self, states: Mapping[str, str], graph: Graph) -> Decision:
        """Tell Dagster of the ends that the states have, and give what follows."""
        changes: list[Change] = []
        while self._told(states):
            self._skip(states, changes)
            self.scheduler.advance()
        self._skip(states, changes)
        changes += self._growth(states)
        changes += self._blocked(states, graph, {change.task for change in changes})
        opened = [self.names[key] for key in self.scheduler.open]
        ready = [name for name in opened if states.get(name) in ("pending", "retrying")]
        return Decision(tuple(ready), tuple(changes))

    def _told(self, states: Mapping[str, str]) -> bool:
        """Whether there was something to tell."""
        ended = [key for key in self.scheduler.open if states.get(self.names[key]) in FINISHED]
        for key in ended:
            self._tell(key, states[self.names[key]])
        return bool(ended)

    def _tell(self, key: str, state: str) -> None:
        step = self.steps[self.names[key]]
        if state not in DONE:
            self.scheduler.end(key, "skipped" if state == "skipped" else "failed")
            return
        value = self._value(self.names[key]) if needs_value(step) else None
        made = parts(step, value)
        dynamic = {output.name for output in step.outputs if output.dynamic}
        self.scheduler.succeed(
            key, {name: list(one) if name in dynamic else None for name, one in made.items()}
        )
        if dynamic:
            self.scheduler.advance()
            self._look()

    def _skip(self, states: Mapping[str, str], changes: list[Change]) -> None:
        """End what Dagster skips or gives up; what has a value all the same, as in a fork, has."""
        ways = {"skipped": "skipped", "abandoned": "upstream_failed"}
        while ended := self.scheduler.given_up():
            for key, how in ended:
                name = self.names[key]
                if states.get(name) in DONE:
                    self._tell(key, states[name])
                    continue
                self.scheduler.end(key, how)
                if states.get(name) == "pending":
                    changes.append(Change(ways[how], name))

    def _growth(self, states: Mapping[str, str]) -> Iterator[Change]:
        """Instances that the graph has not got, and those of no item any more."""
        new = [name for name in self.names.values() if "[" in name and name not in states]
        if new:
            arrows = edges(self.steps.values(), self.names).items()
            arrows = {edge: label for edge, label in arrows if not set(new).isdisjoint(edge)}
            growth = {
                "tasks": new,
                "edges": [list(edge) for edge in arrows],
                "labels": [[*edge, label] for edge, label in arrows.items() if label],
                "notes": {name: self._instance_note(name) for name in new},
                "expands": sorted({template(name) for name in new}),
            }
            yield Change("graph", None, growth)
        for name in states:
            if states[name] == "pending" and self._is_surplus(name):
                yield Change("skipped", name, NO_ITEM)

    def _instance_note(self, name: str) -> dict[str, str]:
        mapping = self.steps[name].key.partition("[")[2].removesuffix("]")
        return {**self._graph.notes.get(template(name), {}), "item": mapping}

    def _is_surplus(self, name: str) -> bool:
        """Whether it is an instance, or a template, of a dynamic output that has no such item."""
        pattern = self.steps.get(template(name)) if "[" in name else self.steps.get(name)
        if not (pattern and pattern.source and pattern.key.endswith("[?]")):
            return False
        source, output = pattern.source
        known = self.scheduler.mappings
        if source not in known:
            return False
        return name not in self.steps if "[" in name else not known[source].get(output)

    def _blocked(
        self, states: Mapping[str, str], graph: Graph, told: set[str | None]
    ) -> Iterator[Change]:
        """What hangs on a dynamic output that never came: Dagster does not speak of it."""
        gone = {name for name, state in states.items() if state in FAILED}
        told |= {self.names[key] for key in self.scheduler.open}
        for name in graph.tasks if gone else ():
            if states.get(name) != "pending" or name in told:
                continue
            upstream = [up for up in graph.upstream(name) if up in states]
            ended = all(up in gone or states[up] in FINISHED for up in upstream)
            if ended and not gone.isdisjoint(upstream):
                gone.add(name)
                yield Change("upstream_failed", name)
