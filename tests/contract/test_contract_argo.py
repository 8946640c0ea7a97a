"""Argo workflows keep the contract. Scripts are texts, run by this Python."""

from suite import Contract

PAUSE = "import os, time\ntime.sleep(float(os.environ.get('CONTRACT_PAUSE', '0')))\n"
GATE = """\
import os, time
folder = os.environ["CONTRACT_FOLDER"]
open(f"{folder}/held", "w").close()
while not os.path.exists(f"{folder}/go"):
    time.sleep(0.02)
"""
FLAKY = """\
import os
flag = os.environ["CONTRACT_FOLDER"] + "/tried"
if not os.path.exists(flag):
    open(flag, "w").close()
    raise ConnectionError("no answer")
"""


def script(name, source, *inputs, **more):
    """A template that prints what it makes."""
    return {
        "name": name,
        "inputs": {"parameters": [{"name": one} for one in inputs]},
        "script": {"image": "python:3.13", "command": ["python"], "source": source},
        **more,
    }


def task(name, *upstream, **more):
    """A task of the template of its name, which receives what each upstream has printed."""
    given = [{"name": one, "value": f"{{{{tasks.{one}.outputs.result}}}}"} for one in upstream]
    return {
        "name": name,
        "template": name,
        "arguments": {"parameters": given},
        "dependencies": list(upstream),
        **more,
    }


def workflow(tasks, templates, **spec):
    from hera.workflows import Workflow

    main = {"name": "main", "dag": {"tasks": tasks}}
    return Workflow.from_dict(
        {
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "Workflow",
            "metadata": {"name": "contract"},
            "spec": {"entrypoint": "main", "templates": [main, *templates], **spec},
        }
    )


FIRST = script("first", "print(1)  # return 1")


class TestArgo(Contract):
    engine = "argo"
    cannot_say = {"cached": "memoize is a cluster's: its results are kept in a ConfigMap"}

    def chain(self, before=""):
        return workflow(
            [task("first"), task("second", "first"), task("third", "second")],
            [
                FIRST,
                script("second", before + "print({{inputs.parameters.first}} + 1)", "first"),
                script("third", "print({{inputs.parameters.second}} + 1)", "second"),
            ],
        )

    def diamond(self):
        both = "print({{inputs.parameters.left}} + {{inputs.parameters.right}})"
        return workflow(
            [
                task("first"),
                task("left", "first"),
                task("right", "first"),
                task("last", "left", "right"),
            ],
            [
                script("first", PAUSE + "print(1)"),
                script("left", PAUSE + "print({{inputs.parameters.first}} + 1)", "first"),
                script("right", PAUSE + "print({{inputs.parameters.first}} + 2)", "first"),
                script("last", PAUSE + both, "left", "right"),
            ],
        )

    def held(self):
        return self.chain(GATE)

    def flaky(self, delay=600.0):
        retry = {"limit": "2", "backoff": {"duration": f"{delay:g}s"}}
        return workflow([task("flaky")], [script("flaky", FLAKY, retryStrategy=retry)])

    def slow(self):
        source = "import time\ntime.sleep(60)"
        return workflow([task("slow")], [script("slow", source, activeDeadlineSeconds=1)])

    def ordered(self):
        later = {"name": "later", "template": "later", "dependencies": ["first"]}
        return workflow([task("first"), later], [FIRST, script("later", "print(2)")])

    def choice(self):
        chosen = "{{tasks.choose.outputs.result}} == "
        return workflow(
            [
                task("choose"),
                {**task("taken"), "dependencies": ["choose"], "when": f"{chosen} taken"},
                {**task("left"), "dependencies": ["choose"], "when": f"{chosen} left"},
            ],
            [script(name, f"print({word!r})") for name, word in CHOICE.items()],
        )

    def mapped(self):
        values = "{{tasks.numbers.outputs.result}}"
        item = {"parameters": [{"name": "number", "value": "{{item}}"}]}
        return workflow(
            [
                task("numbers"),
                {**task("double"), "arguments": item, "withParam": values, "depends": "numbers"},
                task("total", "double"),
            ],
            [
                script("numbers", "print([1, 2, 3])"),
                script("double", "print(2 * {{inputs.parameters.number}})", "number"),
                script("total", "print(sum({{inputs.parameters.double}}))", "double"),
            ],
        )

    def adder(self):
        given = {"parameters": [{"name": "value", "value": "{{workflow.parameters.value}}"}]}
        return workflow(
            [{**task("add"), "arguments": given}],
            [script("add", "print({{inputs.parameters.value}} + 1)", "value")],
            arguments={"parameters": [{"name": "value", "value": "1"}]},
        )


CHOICE = {"choose": "taken", "taken": "yes", "left": "no"}
