"""Twenty state machines of many styles: name → (definition, functions, input)."""

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:"
INVOKE = "arn:aws:states:::lambda:invoke"
SQS = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"


class Unstable:
    """A function that fails so many times, and then gives what it receives."""

    def __init__(self, failures, error=ConnectionError):
        self.failures, self.error = failures, error

    def __call__(self, event):
        self.failures -= 1
        if self.failures >= 0:
            raise self.error("no answer")
        return event


def raising(error, text="it is broken"):
    def function(event):
        raise error(text)

    return function


def task(name, then=None, **more):
    return {"Type": "Task", "Resource": LAMBDA + name, **way(then), **more}


def way(then=None):
    return {"Next": then} if then else {"End": True}


def machine(**states):
    return {"StartAt": next(iter(states)), "States": states}


def choice(*rules, default=None):
    otherwise = {"Default": default} if default else {}
    return {"Type": "Choice", "Choices": list(rules), **otherwise}


def rule(variable, test, value, then):
    return {"Variable": variable, test: value, "Next": then}


RETRY = [{"ErrorEquals": ["ConnectionError"], "IntervalSeconds": 30, "MaxAttempts": 3}]
CATCH = [{"ErrorEquals": ["States.ALL"], "Next": "mend", "ResultPath": "$.error"}]
GRADED = (
    rule("$.accuracy", "NumericGreaterThanEquals", 0.8, "register"),
    rule("$.accuracy", "NumericLessThan", 0.5, "give up"),
)


def graded(accuracy):
    states = {
        "train": task("train", "good?"),
        "good?": choice(*GRADED, default="tune"),
        "register": {"Type": "Succeed"},
        "tune": {"Type": "Pass", "Result": {"tuned": True}, "End": True},
        "give up": {"Type": "Fail", "Error": "TooBad", "Cause": "the model guesses"},
    }
    return machine(**states), {"train": lambda event: {"accuracy": accuracy}}, {}


def polling():
    states = {
        "begin": {"Type": "Pass", "Result": {"left": 2}, "Next": "wait"},
        "wait": {"Type": "Wait", "Seconds": 0, "Next": "look"},
        "look": task("look", "ready?"),
        "ready?": choice(rule("$.left", "NumericEquals", 0, "done"), default="wait"),
        "done": {"Type": "Succeed"},
    }
    return machine(**states), {"look": lambda event: {"left": event["left"] - 1}}, {}


def parallel(*functions, **more):
    branches = [machine(**{name: task(name)}) for name in functions]
    return {"Type": "Parallel", "Branches": branches, **more}


def mapped(inside, **more):
    return {"Type": "Map", "ItemProcessor": inside, **more}


def grid():
    """The nine points of a grid, two at a time, and the best of them."""
    processor = {"ProcessorConfig": {"Mode": "INLINE"}, **machine(fit=task("fit"))}
    states = {
        "points": task("points", "each point"),
        "each point": mapped(
            processor,
            ItemsPath="$.points",
            MaxConcurrency=2,
            ItemSelector={"trees.$": "$$.Map.Item.Value.trees", "seed.$": "$.seed"},
            ResultPath="$.scores",
            Next="best",
        ),
        "best": task("best", InputPath="$.scores"),
    }
    functions = {
        "points": lambda event: {
            "seed": event["seed"],
            "points": [{"trees": n} for n in range(1, 10)],
        },
        "fit": lambda event: event["trees"] * event["seed"] % 11,
        "best": max,
    }
    return machine(**states), functions, {"seed": 7}


def intrinsic():
    parameters = {
        "name.$": "States.Format('model-{}', $.version)",
        "parts.$": "States.ArrayLength($.parts)",
    }
    states = {"name": {"Type": "Pass", "Parameters": parameters, "End": True}}
    return machine(**states), {}, {"version": "3", "parts": [1, 2]}


def nested():
    """A Map in a branch of a Parallel, and a choice in each of its items."""
    inside = machine(
        odd=choice(rule("$", "NumericEquals", 2, "even"), default="double"),
        double=task("double"),
        even={"Type": "Pass", "Result": 0, "End": True},
    )
    left = machine(items=mapped(inside, End=True))
    both = {"Type": "Parallel", "Branches": [left, machine(count=task("count"))], "End": True}
    return machine(both=both), {"double": lambda event: 2 * event, "count": len}, [1, 2, 3]


def invoked():
    """The way that the console writes a Task, with its result in a Payload."""
    body = {
        "Type": "Task",
        "Resource": INVOKE,
        "Parameters": {"FunctionName": LAMBDA + "train:$LATEST", "Payload.$": "$"},
        "OutputPath": "$.Payload",
        "End": True,
    }
    return machine(train=body), {"train": lambda event: {"rows": event["rows"] * 2}}, {"rows": 4}


TWO = {"a": lambda event: event + 1, "b": lambda event: event + 2}
BROKEN = {"a": raising(KeyError, "x"), "b": lambda event: 2, "mend": lambda event: {"mended": True}}
MACHINES = {
    "one task": (machine(a=task("a")), {"a": lambda event: event["x"] + 1}, {"x": 1}),
    "a chain": (machine(a=task("a", "b"), b=task("b")), TWO, 5),
    "result path": (
        machine(a=task("a", "b", ResultPath="$.a", InputPath="$.x"), b=task("b", InputPath="$.a")),
        TWO,
        {"x": 1},
    ),
    "result selector": (
        machine(a=task("a", ResultSelector={"sum.$": "$.values[0]"}, OutputPath="$.sum")),
        {"a": lambda event: {"values": [7, 8]}},
        {},
    ),
    "accuracy is good": graded(0.9),
    "accuracy is so-so": graded(0.6),
    "accuracy is bad": graded(0.1),
    "no rule holds": (
        machine(c=choice(rule("$.x", "IsNull", True, "d")), d=task("a")),
        TWO,
        {"x": 1},
    ),
    "a retry that helps": (machine(a=task("a", Retry=RETRY)), lambda: {"a": Unstable(2)}, {"x": 1}),
    "a retry that does not help": (
        machine(a=task("a", Retry=RETRY)),
        lambda: {"a": Unstable(9)},
        {},
    ),
    "a retry for another error": (
        machine(a=task("a", Retry=RETRY)),
        {"a": raising(ValueError)},
        {},
    ),
    "a catch": (machine(a=task("a", Catch=CATCH), mend=task("mend")), BROKEN, {"x": 1}),
    "parallel": (machine(p=parallel("a", "b", Next="sum"), sum=task("sum")), TWO | {"sum": sum}, 1),
    "a branch that fails, caught": (
        machine(p=parallel("a", Catch=CATCH, End=True), mend=task("mend")),
        BROKEN,
        {},
    ),
    "nothing to map": (machine(m=mapped(machine(a=task("a")), End=True)), TWO, []),
    "a grid of nine": grid(),
    "a map in a branch": nested(),
    "a loop that polls": polling(),
    "intrinsic functions": intrinsic(),
    "as the console writes it": invoked(),
    "an item that fails": (
        machine(m=mapped(machine(a=task("a")), MaxConcurrency=1, End=True)),
        {"a": raising(ValueError)},
        [1, 2],
    ),
    "what no path finds": (machine(a=task("a", InputPath="$.nothing")), TWO, {}),
}


def made(name):
    """A machine with functions that have not been called yet."""
    definition, functions, given = MACHINES[name]
    return definition, functions() if callable(functions) else functions, given
