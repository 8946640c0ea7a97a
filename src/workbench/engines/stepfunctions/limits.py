"""What of Step Functions cannot run on this machine, told before a run."""

from collections.abc import Iterator

from workbench.engines.stepfunctions.definition import State, StateMachine

_CHILDREN = ("ItemReader", "ResultWriter", "ItemBatcher", "ToleratedFailureCount")


def hindrances(machine: StateMachine, stood_in: frozenset[str]) -> Iterator[str]:
    """Why a machine cannot run here, each with the way out; tasks ``stood_in`` need nothing."""
    program = machine.program
    states = list(program.all_states())
    jsonata = [state.name for state in states if state.body.get("QueryLanguage") == "JSONata"]
    if program.body.get("QueryLanguage") == "JSONata" or jsonata:
        where = f"state {jsonata[0]!r}" if jsonata else "it"
        yield f"{where} is written in JSONata, which moto cannot evaluate; write it in JSONPath"
    for state in states:
        for key in _CHILDREN:
            if key in state.body:
                yield f"Map {state.name!r} has {key}, which needs child executions in AWS; leave it"
    if missing := [state for state in states if _lacks(machine, state, stood_in)]:
        first = missing[0]
        yield (
            f"no function stands for {', '.join(state.name for state in missing)}; give one for "
            f"each: StateMachine(…, tasks={{{first.name!r}: function}}), or Run a stand_in"
        )


def _lacks(machine: StateMachine, state: State, stood_in: frozenset[str]) -> bool:
    return state.kind == "Task" and state.path not in stood_in and not machine.function(state)
