"""The graph of a state machine: a task for each state that does something, in the groups of the
Parallel and Map states around it.

A machine may go back to a state, a graph may not: the edge that leads back is told in a note, and
each time that a run comes to such a state is an instance of it, `Poll[0]`, `Poll[1]`.
"""

from collections.abc import Iterator

from workbench.engines.stepfunctions.definition import Program, State
from workbench.graph import Graph


def drawn(machine: Program) -> Graph:
    """The graph, with what decides at an edge as its label."""
    edges: dict[tuple[str, str], str] = {}
    notes = {state.path: _notes(state) for state in machine.leaves()}
    _draw(machine, edges, notes)
    labels = {edge: why for edge, why in edges.items() if why}
    tasks = [state.path for state in machine.leaves()]
    return Graph.of(tasks, edges, labels=labels, notes={k: v for k, v in notes.items() if v})


def _draw(program: Program, edges: dict, notes: dict) -> None:
    back = set(_back(program))
    for state in program.states.values():
        for inner in state.programs:
            _draw(inner, edges, notes)
        for target, why in state.next:
            after = program.states[target]
            if (state.name, target) in back:
                for leaf in _ends(state):
                    notes[leaf] = notes[leaf] | {"goes back to": target}
                continue
            for leaf in _ends(state):
                for entry in _starts(after):
                    edges[leaf, entry] = edges.get((leaf, entry)) or why


def _starts(state: State) -> Iterator[str]:
    """The tasks that begin when the state does."""
    if not state.programs:
        yield state.path
    for program in state.programs:
        yield from _starts(program.states[program.start])


def _ends(state: State) -> Iterator[str]:
    """The tasks that end when the state does."""
    if not state.programs:
        yield state.path
    for program in state.programs:
        for last in program.states.values():
            if last.body.get("End") or last.kind in ("Succeed", "Fail"):
                yield from _ends(last)


def _back(program: Program) -> Iterator[tuple[str, str]]:
    """The edges that lead back, as walks from the start and then from all else come upon them."""
    done: set[str] = set()
    for root in (program.start, *program.states):
        path = [] if root in done else [(root, iter(program.states[root].next))]
        while path:
            name, follows = path[-1]
            target, _ = next(follows, (None, ""))
            if target is None:
                done.add(name)
                path.pop()
            elif target in {on_path for on_path, _ in path}:
                yield name, target
            elif target not in done:
                path.append((target, iter(program.states[target].next)))


def _notes(state: State) -> dict[str, str]:
    """What a reader of the picture wants to know about a state."""
    notes = {} if state.kind == "Task" else {"state": state.kind}
    if state.resource:
        notes["resource"] = state.resource
    if retries := state.body.get("Retry"):
        notes["retries"] = ", ".join(str(rule.get("MaxAttempts", 3)) for rule in retries)
    for key in ("TimeoutSeconds", "Seconds"):
        if key in state.body:
            notes["timeout" if key == "TimeoutSeconds" else "waits"] = f"{state.body[key]} s"
    return notes
