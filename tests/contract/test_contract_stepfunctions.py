"""Step Functions keep the contract: functions stand for the Lambda functions of a machine."""

import time

from suite import Contract
from vocabulary import fail_once, pause, reach_the_gate

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:"


def first(event):
    pause()
    return 1


def second(event):
    return event + 1


def left(event):
    pause()
    return event + 1


def right(event):
    pause()
    return event + 2


def last(event):
    pause()
    return sum(event)


def held(event):
    reach_the_gate()
    return event + 1


def task(name, then=None, **more):
    """A Task that calls the Lambda function of its name, and what comes then."""
    way = {"Next": then} if then else {"End": True}
    return {"Type": "Task", "Resource": LAMBDA + name, **way, **more}


def machine(start, tasks, **states):
    from workbench.engines.stepfunctions import StateMachine

    return StateMachine({"StartAt": start, "States": states}, tasks, start)


class TestStepFunctions(Contract):
    engine = "stepfunctions"
    misfit = {"nothing": object()}
    cannot_say = {"cached": "an execution answers for itself alone"}

    def name(self, task):
        return f"both/{task}" if task in ("left", "right") else task

    def chain(self):
        functions = {"first": first, "second": second, "third": second}
        states = {"second": task("second", "third"), "third": task("third")}
        return machine("first", functions, first=task("first", "second"), **states)

    def diamond(self):
        functions = {"first": first, "left": left, "right": right, "last": last}
        branches = [{"StartAt": side, "States": {side: task(side)}} for side in ("left", "right")]
        both = {"Type": "Parallel", "Branches": branches, "Next": "last"}
        states = {"both": both, "last": task("last")}
        return machine("first", functions, first=task("first", "both"), **states)

    def held(self):
        functions = {"first": first, "second": held, "third": second}
        states = {"second": task("second", "third"), "third": task("third")}
        return machine("first", functions, first=task("first", "second"), **states)

    def flaky(self, delay=600.0):
        again = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": int(delay)}
        retry = [again | {"MaxAttempts": 2, "BackoffRate": 1.0}]
        return machine(
            "flaky", {"flaky": lambda event: fail_once()}, flaky=task("flaky", Retry=retry)
        )

    def slow(self):
        functions = {"slow": lambda event: time.sleep(60)}
        return machine("slow", functions, slow=task("slow", TimeoutSeconds=1))

    def ordered(self):
        functions = {"first": first, "later": lambda event: 2}
        states = {"first": task("first", "later"), "later": task("later", InputPath=None)}
        return machine("first", functions, **states)

    def choice(self):
        functions = {"choose": first, "taken": second, "left": second}
        rule = {"Variable": "$", "NumericEquals": 1, "Next": "taken"}
        states = {
            "choose": task("choose", "which"),
            "which": {"Type": "Choice", "Choices": [rule], "Default": "left"},
            "taken": task("taken"),
            "left": task("left"),
        }
        return machine("choose", functions, **states)

    def mapped(self):
        functions = {
            "numbers": lambda event: [1, 2, 3],
            "double": lambda event: 2 * event,
            "total": sum,
        }
        inside = {"StartAt": "double", "States": {"double": task("double")}}
        states = {
            "numbers": task("numbers", "every"),
            "every": {"Type": "Map", "ItemProcessor": inside, "Next": "total"},
            "total": task("total"),
        }
        return machine("numbers", functions, **states)

    def adder(self):
        return machine("add", {"add": lambda event: event.get("value", 1) + 1}, add=task("add"))
