"""Workflow files: `FILES` has (text, state, outputs) of each in `argo_workflows`.

These are in the styles of public examples, each labelled before it was run; BAD are refused before
anything runs, WRONG when it is their turn, each by a line with these words.
"""

import json
from pathlib import Path

FOLDER = Path(__file__).with_name("argo_workflows")
FILES = {
    name: ((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), end["state"], end["outputs"])
    for name, end in json.loads((FOLDER / "ends.json").read_text(encoding="utf-8")).items()
}
_HEAD = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: bad-}
spec:
  entrypoint: main
"""


def one(template, more=""):
    """A file whose main template is this one."""
    return _HEAD + more + "  templates:\n  - name: main\n    " + template


CONTAINER = "container: {image: a, command: [echo]"
SAY = "\n  - name: say\n    container: {image: a, command: [echo]}"


def step(call, more=""):
    """A file whose main template says something in a step, which is called so."""
    return one(f"steps: [[{{name: a, template: say{call}}}]]{more}" + SAY)


_BESIDE = one(
    """steps:
    - - {name: a, template: a}
    - - {name: b, template: say, when: "{{steps.a.outputs.result}} == 1"}
  - name: a
    container: {image: a, command: [echo]}
    outputs: {parameters: [{name: n, valueFrom: {path: /n}}]}"""
    + SAY
)
BAD = [
    ("kind: Workflow\nspec: [", "while parsing"),
    (one("steps: [[{name: a, template: lost}]]"), "calls the template 'lost', which is not here"),
    (one("steps: [[{name: a, template: main}]]"), "calls itself"),
    (one("dag: {tasks: [{name: a, template: main, dependencies: [b]}]}"), "waits for 'b'"),
    (one("resource: {action: create}"), "makes an object of a cluster"),
    (one("http: {url: x}"), "requested by an agent"),
    (one("container: {image: a}"), "gives no command"),
    (one("suspend: {}"), "waits for a person"),
    (one(CONTAINER + "}\n    sidecars: [{name: b}]"), "has sidecars"),
    (one(CONTAINER + ", env: [{name: K, valueFrom: {secretKeyRef: {name: s}}}]}"), "takes $K"),
    (one(CONTAINER + "}\n    retryStrategy: {}"), "is tried again for ever"),
    (one(CONTAINER + "}\n    retryStrategy: {retryPolicy: Always}"), "a limit"),
    (one(CONTAINER + "}\n    retryStrategy: {limit: 2, retryPolicy: OnError}"), "says which"),
    (one(CONTAINER + "}\n    retryStrategy: {limit: 2, expression: x}"), "says which failures"),
    (one(CONTAINER + "}\n    synchronization: {mutexes: [{name: m}]}"), "waits for a lock"),
    (one(CONTAINER + ", volumeMounts: [{name: v, mountPath: /v}]}"), "mounts volumes"),
    (one(CONTAINER + "}", "  hooks: {exit: {template: main}}\n"), "has hooks"),
    (one(CONTAINER + "}\n    inputs: {artifacts: [{name: i, path: /i, s3: {key: k}}]}"), "from s3"),
    (one(CONTAINER + "}", "  arguments: {parameters: [{name: p}]}\n"), "'p' has no value"),
    ("kind: Workflow\nspec: {workflowTemplateRef: {name: far}}", "is in a cluster"),
    (one(CONTAINER + ", args: ['{{=1 + 1}}']}"), "has the expression {{=1 + 1}}"),
    (
        one(CONTAINER + ", args: ['{{workflow.scheduledTime}}']}"),
        "reads {{workflow.scheduledTime}}",
    ),
    (one("container: {image: a, command: [no-such-program]}"), "is not on this machine"),
    (step(", when: '{{steps.b.exitCode}} == 1'"), "reads {{steps.b.exitCode}}"),
    (step(", onExit: say"), "has onExit"),
    (step(", hooks: {exit: {template: say}}"), "has hooks"),
    (step("", "\n    failFast: true"), "ends with the first failure"),
    (one(CONTAINER + "}", "  suspend: true\n"), "begins suspended"),
    (_BESIDE, "reads what 'a' prints"),
    (one("dag: {target: a, tasks: [{name: a, template: say}]}" + SAY), "runs a part of its tasks"),
    (
        step("", "\n    outputs: {parameters: [{name: o, valueFrom: {expression: x}}]}"),
        "'o' by",
    ),
    (one(CONTAINER + "}\n    timeout: '{{inputs.parameters.t}}'"), "takes its time limit"),
    (one("steps: [[{name: a, templateRef: {name: far, template: t}}]]"), "a template of 'far'"),
    ("kind: WorkflowTemplate\nspec: {templates: [{name: a, suspend: {}}]}", "has no entrypoint"),
]
WRONG = [
    (one(CONTAINER + ", args: ['{{inputs.parameters.x}}']}"), "has no value"),
    (
        one(CONTAINER + "}\n    outputs: {parameters: [{name: o, valueFrom: {path: /o}}]}"),
        "no output",
    ),
]
