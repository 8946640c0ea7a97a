"""State machines in the styles of public examples, each labelled before it was run:
name → (definition, functions, input, how it ends in AWS, its output there)."""

from stepfunctions_machines import choice, machine, mapped, parallel, raising, rule, task, way


def passing(then=None, **more):
    return {"Type": "Pass", **way(then), **more}


def wait(then, **more):
    return {"Type": "Wait", "Next": then, **more}


def job(status):
    """Submit, wait, ask, and go by the answer: the poller of the samples."""
    states = {
        "submit": task("submit", "wait", ResultPath="$.id"),
        "wait": wait("ask", SecondsPath="$.seconds"),
        "ask": task("ask", "over?", InputPath="$.id", ResultPath="$.status"),
        "over?": choice(
            rule("$.status", "StringEquals", "FAILED", "failed"),
            rule("$.status", "StringEquals", "SUCCEEDED", "final"),
            default="wait",
        ),
        "failed": {"Type": "Fail", "Error": "JobFailed", "Cause": "the job says so"},
        "final": passing(OutputPath="$.status"),
    }
    return machine(**states), {"submit": lambda event: 17, "ask": lambda event: status}


def order(amount):
    """A request that is checked by rules of rules."""
    small = {
        "And": [
            {"Variable": "$.amount", "IsNumeric": True},
            {"Not": {"Variable": "$.amount", "NumericGreaterThan": 100}},
        ],
        "Next": "approve",
    }
    states = {
        "check": choice(small, default="review"),
        "approve": passing(Result="approved"),
        "review": passing(Result="a person looks"),
    }
    return machine(**states), {}, {"amount": amount}


INNER = machine(square=task("square"))
TIMES = {"square": lambda event: event * event}
INTRINSIC = {
    "array": "States.Array($.a, $.b)",
    "json": "States.StringToJson($.text)",
    "range": "States.ArrayRange(1, 5, 2)",
    "sum": "States.MathAdd($.a, $.b)",
    "split": "States.StringSplit($.words, ' ')",
}
SAGA = {
    "flight": task("flight", "hotel", ResultPath="$.flight"),
    "hotel": task(
        "hotel", Catch=[{"ErrorEquals": ["Full"], "Next": "undo", "ResultPath": "$.why"}]
    ),
    "undo": task("undo", "sorry", ResultPath="$.undone"),
    "sorry": {"Type": "Fail", "Error": "NotBooked"},
}


class Full(Exception):
    pass


PUBLIC = {
    "hello world": (
        machine(hello=passing("world"), world=passing(Result="World")),
        {},
        {},
        "SUCCEEDED",
        "World",
    ),
    "a job that is polled": (*job("SUCCEEDED"), {"seconds": 0}, "SUCCEEDED", "SUCCEEDED"),
    "a job that has failed": (*job("FAILED"), {"seconds": 0}, "FAILED", None),
    "a small order": (*order(20), "SUCCEEDED", "approved"),
    "a large order": (*order(900), "SUCCEEDED", "a person looks"),
    "parameters from the context": (
        machine(p=passing(Parameters={"who.$": "$$.State.Name", "what.$": "$.x", "fixed": 1})),
        {},
        {"x": [2]},
        "SUCCEEDED",
        {"who": "p", "what": [2], "fixed": 1},
    ),
    "a result beside the input": (
        machine(a=task("a", ResultPath="$.found.n")),
        {"a": lambda event: 3},
        {"x": 1},
        "SUCCEEDED",
        {"x": 1, "found": {"n": 3}},
    ),
    "a result thrown away": (
        machine(a=task("a", ResultPath=None)),
        {"a": lambda event: 3},
        {"x": 1},
        "SUCCEEDED",
        {"x": 1},
    ),
    "a map with an index": (
        machine(
            m=mapped(machine(i=passing()), ItemSelector={"n.$": "$$.Map.Item.Index"}, End=True)
        ),
        {},
        ["a", "b"],
        "SUCCEEDED",
        [{"n": 0}, {"n": 1}],
    ),
    "a map of old style": (
        machine(m={"Type": "Map", "Iterator": INNER, "ItemsPath": "$.ns", "End": True}),
        TIMES,
        {"ns": [1, 2, 3]},
        "SUCCEEDED",
        [1, 4, 9],
    ),
    "branches that are joined": (
        machine(p=parallel("a", "b", ResultSelector={"a.$": "$[0]", "b.$": "$[1]"}, End=True)),
        {"a": lambda event: "l", "b": lambda event: "r"},
        {},
        "SUCCEEDED",
        {"a": "l", "b": "r"},
    ),
    "a saga": (
        machine(**SAGA),
        {"flight": lambda event: "F1", "hotel": raising(Full), "undo": lambda event: True},
        {},
        "FAILED",
        None,
    ),
    "intrinsic functions of five kinds": (
        machine(p=passing(Parameters={f"{name}.$": call for name, call in INTRINSIC.items()})),
        {},
        {"a": 1, "b": 2, "text": '{"x": 1}', "words": "one two"},
        "SUCCEEDED",
        {"array": [1, 2], "json": {"x": 1}, "range": [1, 3, 5], "sum": 3, "split": ["one", "two"]},
    ),
    "a choice of what is there": (
        machine(
            c=choice({"Variable": "$.retry", "IsPresent": True, "Next": "yes"}, default="no"),
            yes={"Type": "Succeed"},
            no={"Type": "Fail", "Error": "Absent"},
        ),
        {},
        {"retry": None},
        "SUCCEEDED",
        {"retry": None},
    ),
    "names that match a pattern": (
        machine(
            c=choice(rule("$.file", "StringMatches", "log-*.txt", "yes"), default="no"),
            yes=passing(Result=1),
            no=passing(Result=0),
        ),
        {},
        {"file": "log-7.txt"},
        "SUCCEEDED",
        1,
    ),
}
