"""A state machine as it is written, in Amazon States Language: its states, however deep they lie.

Nothing of Step Functions is needed to read it.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from workbench.graph import PipelineError

KINDS = ("Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")
NAMES = (".asl.json", ".asl.yaml", ".asl.yml")  # how a file's name ends that is a state machine


@dataclass(frozen=True)
class State:
    """One state; ``path`` is its name below the Parallel and Map states that it lies in."""

    name: str
    path: str
    body: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return self.body["Type"]

    @property
    def resource(self) -> str:
        return self.body.get("Resource", "")

    @property
    def called(self) -> str:
        """What a Task calls: `function` or `lambda` (both run a Lambda function), `activity`, or
        another `service`."""
        parts = self.resource.split(":")
        if parts[2:3] == ["lambda"] and "function" in parts:
            return "function"
        if "activity" in parts:
            return "activity"
        return "lambda" if ":lambda:invoke" in self.resource else "service"

    @cached_property
    def programs(self) -> tuple["Program", ...]:
        """Of a Parallel state its branches, of a Map state what is done with each item."""
        if self.kind == "Parallel":
            bodies = self.body.get("Branches") or ()
        elif self.kind == "Map":
            bodies = [self.body.get("ItemProcessor") or self.body.get("Iterator") or {}]
        else:
            return ()
        return tuple(Program(body, f"{self.path}/") for body in bodies)

    @cached_property
    def next(self) -> tuple[tuple[str, str], ...]:
        """(state, why) for each that may follow."""
        rules = [(rule, _words(rule)) for rule in self.body.get("Choices", ())]
        rules += [
            (catcher, f"on {', '.join(catcher.get('ErrorEquals', ()))}")
            for catcher in self.body.get("Catch", ())
        ]
        follows = [(rule["Next"], why) for rule, why in rules if "Next" in rule]
        for key, why in (("Next", ""), ("Default", "otherwise")):
            if key in self.body:
                follows.insert(0 if key == "Next" else len(follows), (self.body[key], why))
        return tuple(follows)


@dataclass(frozen=True)
class Program:
    """A start and the states that it leads to: a machine, a branch, or what a Map does.

    Reading raises PipelineError for what no state machine can be.
    """

    body: Mapping[str, Any]
    prefix: str = ""

    def __post_init__(self) -> None:
        where = self.prefix.rstrip("/") or "the state machine"
        for key, kind in (("StartAt", str), ("States", Mapping)):
            if not isinstance(self.body, Mapping) or not isinstance(self.body.get(key), kind):
                raise PipelineError(f"{where} has no {key}; a state machine needs StartAt, States")
        for name, body in self.body["States"].items():
            kind = body.get("Type") if isinstance(body, Mapping) else None
            if kind not in KINDS:
                choice = ", ".join(KINDS)
                raise PipelineError(f"state {name!r}: its Type is {kind!r}; choose from {choice}")
        starts = [(where, self.start, "StartAt")]
        named = [
            (f"state {s.name!r}", to, "Next") for s in self.states.values() for to, _ in s.next
        ]
        for who, target, key in starts + named:
            if target not in self.states:
                listed = ", ".join(self.states)
                raise PipelineError(f"{who}: {key} names {target!r}, no state (states: {listed})")

    @property
    def start(self) -> str:
        return self.body["StartAt"]

    @cached_property
    def states(self) -> dict[str, State]:
        return {
            name: State(name, f"{self.prefix}{name}", body)
            for name, body in self.body["States"].items()
        }

    def leaves(self) -> Iterator[State]:
        """Every state that is no Parallel and no Map, in the order in which they are written."""
        for state in self.states.values():
            if state.programs:
                for program in state.programs:
                    yield from program.leaves()
            else:
                yield state

    def all_states(self) -> Iterator[State]:
        for state in self.states.values():
            yield state
            for program in state.programs:
                yield from program.all_states()

    @cached_property
    def looping(self) -> frozenset[str]:
        """Names of the states that a run of this program may come to more than once."""
        follows = {name: {to for to, _ in state.next} for name, state in self.states.items()}
        return frozenset(name for name in follows if name in _reach(name, follows))


@dataclass(frozen=True)
class StateMachine:
    """A state machine and the functions that stand for its Tasks' Resources.

    ``definition`` is a file or a dictionary. ``tasks`` has a function for a state's name, for its
    whole Resource, or for the name of the Lambda function in it; each is called with the state's
    input, as a Lambda function is with its event, and returns what can be written as JSON. With
    ``real_waits``, a Wait state takes its time.
    """

    definition: Any
    tasks: Mapping[str, Callable] = field(default_factory=dict)
    name: str = ""
    real_waits: bool = False

    @cached_property
    def title(self) -> str:
        if self.name or not isinstance(self.definition, (str, Path)):
            return self.name or "state-machine"
        return Path(self.definition).name.partition(".")[0]

    @cached_property
    def program(self) -> Program:
        """The machine, read; raise PipelineError for what is none."""
        if isinstance(self.definition, Mapping):
            body = self.definition
        else:
            body = read(Path(self.definition))
        program, seen = Program(body), set()
        for state in program.all_states():
            if state.name in seen:
                raise PipelineError(
                    f"{self.title}: two states are called {state.name!r}; "
                    "a name is for one state of the whole machine"
                )
            seen.add(state.name)
        return program

    def function(self, state: State) -> Callable | None:
        """What stands for a Task."""
        given = {"FunctionName": ""} | dict(state.body.get("Parameters") or {})
        arns = (state.resource, str(given["FunctionName"]))
        names = [arn.removesuffix(":$LATEST").rpartition(":")[2] for arn in arns]
        keys = (state.path, state.name, *arns, *names)
        return next((self.tasks[key] for key in keys if key in self.tasks), None)


def read(path: Path) -> Mapping[str, Any]:
    """What a file holds; raise PipelineError, with the line, for what is neither JSON nor YAML."""
    try:
        text = path.read_text(encoding="utf-8")
        body = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise PipelineError(f"{path}: {' '.join(str(error).split())}") from None
    if not isinstance(body, Mapping):
        raise PipelineError(f"{path}: it holds no state machine, which is a mapping")
    return body


def is_machine(path: Path) -> bool:
    """Whether a file is a state machine, by its name or by what a JSON file holds."""
    if path.name.endswith(NAMES):
        return True
    try:
        return path.suffix == ".json" and looks_like(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return False


def looks_like(thing: Any) -> bool:
    return isinstance(thing, Mapping) and {"StartAt", "States"} <= set(thing)


def _reach(start: str, follows: Mapping[str, set[str]]) -> set[str]:
    reached, left = set(), [start]
    while left:
        for name in follows[left.pop()] - reached:
            reached.add(name)
            left.append(name)
    return reached


def _words(rule: Mapping[str, Any]) -> str:
    """A rule of a Choice as a reader would say it: `$.accuracy NumericGreaterThan 0.8`."""
    for key, joint in (("And", " and "), ("Or", " or ")):
        if key in rule:
            return joint.join(_words(part) for part in rule[key])
    if "Not" in rule:
        return f"not {_words(rule['Not'])}"
    variable = rule.get("Variable", rule.get("Condition", ""))
    tests = [
        f"{key} {value}"
        for key, value in rule.items()
        if key[0].isupper()
        and key not in ("Variable", "Next", "Comment", "Condition", "Assign", "Output")
    ]
    return " ".join([str(variable), *tests])
