"""Workflow files of many styles, as people write them: `FILES` has (text, state, outputs) each.

The templates that they share are added to each: `say` prints its message, `fail` fails.
"""

_SHARED = """
  - name: say
    inputs: {parameters: [{name: message}]}
    container: {image: alpine, command: [echo], args: ["{{inputs.parameters.message}}"]}
  - name: fail
    script: {image: python, command: [python], source: "raise SystemExit('no luck')"}
  - name: number
    script: {image: python, command: [python], source: "print(7)"}
"""
_HEAD = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: NAME-}
spec:
  entrypoint: main
"""
FILES = {}


def file(name, templates, state="success", spec="", **outputs):
    text = _HEAD.replace("NAME", name) + spec + "  templates:\n" + templates.strip("\n") + _SHARED
    FILES[name] = (text, state, outputs)


file(
    "hello",
    """
  - name: main
    container: {image: busybox, command: [echo], args: [hello, world]}
""",
    main="hello world",
)
file(
    "steps",
    """
  - name: main
    steps:
    - - name: one
        template: say
        arguments: {parameters: [{name: message, value: first}]}
    - - name: two
        template: say
        arguments: {parameters: [{name: message, value: "after {{steps.one.outputs.result}}"}]}
      - name: beside
        template: number
""",
    one="first",
    two="after first",
    beside=7,
)
file(
    "diamond",
    """
  - name: main
    dag:
      tasks:
      - {name: A, template: number}
      - {name: B, template: number, dependencies: [A]}
      - {name: C, template: number, dependencies: [A]}
      - {name: D, template: number, depends: "B && C"}
""",
    D=7,
)
file(
    "parameters",
    """
  - name: main
    inputs: {parameters: [{name: greeting, value: "hey"}]}
    steps:
    - - name: said
        template: say
        arguments:
          parameters:
          - name: message
            value: "{{inputs.parameters.greeting}} {{workflow.parameters.who}}"
""",
    spec="  arguments: {parameters: [{name: who, value: you}]}\n",
    said="hey you",
)
file(
    "output-parameters",
    """
  - name: main
    steps:
    - - {name: make, template: two-files}
    - - name: use
        template: say
        arguments:
          parameters: [{name: message, value: "{{steps.make.outputs.parameters.low}}"}]
  - name: two-files
    script:
      image: alpine
      command: [sh]
      source: "echo 1 > /tmp/low.txt; echo 9 > /tmp/high.txt; echo done"
    outputs:
      parameters:
      - {name: low, valueFrom: {path: /tmp/low.txt}}
      - {name: high, valueFrom: {path: /tmp/high.txt}}
""",
    make={"low": 1, "high": 9, "result": "done"},
    use=1,
)
file(
    "default-of-an-output",
    """
  - name: main
    steps: [[{name: make, template: nothing}]]
  - name: nothing
    container: {image: alpine, command: ["true"]}
    outputs: {parameters: [{name: x, valueFrom: {path: /tmp/x, default: "5"}}]}
""",
    make=5,
)
file(
    "artifacts",
    """
  - name: main
    dag:
      tasks:
      - {name: write, template: write}
      - name: read
        template: read
        dependencies: [write]
        arguments:
          artifacts: [{name: text, from: "{{tasks.write.outputs.artifacts.text}}"}]
  - name: write
    container: {image: alpine, command: [sh, -c], args: ["echo kept > /tmp/out.txt"]}
    outputs: {artifacts: [{name: text, path: /tmp/out.txt}]}
  - name: read
    inputs: {artifacts: [{name: text, path: /tmp/in.txt}]}
    container: {image: alpine, command: [cat], args: [/tmp/in.txt]}
""",
    read="kept",
)
file(
    "raw-artifact",
    """
  - name: main
    steps:
    - - name: show
        template: show
        arguments: {artifacts: [{name: notes, raw: {data: "plain text"}}]}
  - name: show
    inputs: {artifacts: [{name: notes, path: /tmp/notes}]}
    script: {image: alpine, command: [sh], source: "cat {{inputs.artifacts.notes.path}}"}
""",
    show="plain text",
)
file(
    "coin",
    """
  - name: main
    steps:
    - - {name: flip, template: number}
    - - {name: seven, template: number, when: "{{steps.flip.outputs.result}} == 7"}
      - {name: other, template: number, when: "{{steps.flip.outputs.result}} != 7 || false"}
""",
    seven=7,
    other=None,
)
file(
    "items",
    """
  - name: main
    steps:
    - - name: each
        template: say
        arguments: {parameters: [{name: message, value: "{{item}}"}]}
        withItems: [a, b]
    - - name: all
        template: say
        arguments: {parameters: [{name: message, value: "{{steps.each.outputs.result}}"}]}
""",
    **{"each[0]": "a", "each[1]": "b", "all": ["a", "b"]},
)
file(
    "items-of-objects",
    """
  - name: main
    dag:
      tasks:
      - name: each
        template: say
        arguments: {parameters: [{name: message, value: "{{item.os}} {{item.bits}}"}]}
        withItems: [{os: linux, bits: 64}, {os: other, bits: 32}]
""",
    **{"each[0]": "linux 64", "each[1]": "other 32"},
)
file(
    "sequence",
    """
  - name: main
    steps:
    - - name: each
        template: say
        arguments: {parameters: [{name: message, value: "{{item}}"}]}
        withSequence: {start: "2", end: "4", format: "n%02d"}
""",
    **{"each[0]": "n02", "each[2]": "n04"},
)
file(
    "param-of-a-group",
    """
  - name: main
    dag:
      tasks:
      - {name: list, template: list}
      - name: each
        template: inner
        dependencies: [list]
        arguments: {parameters: [{name: n, value: "{{item}}"}]}
        withParam: "{{tasks.list.outputs.result}}"
      - {name: end, template: number, dependencies: [each]}
  - name: list
    script: {image: python, command: [python], source: "import json; print(json.dumps([3, 4]))"}
  - name: inner
    inputs: {parameters: [{name: n}]}
    steps:
    - - name: one
        template: say
        arguments: {parameters: [{name: message, value: "{{inputs.parameters.n}}"}]}
    - - {name: two, template: number}
""",
    **{"each[0]/one": 3, "each[1]/one": 4, "each[1]/two": 7, "end": 7},
)
file(
    "nested-outputs",
    """
  - name: main
    dag:
      tasks:
      - {name: group, template: group}
      - name: use
        template: say
        depends: group.Succeeded
        arguments: {parameters: [{name: message, value: "{{tasks.group.outputs.parameters.out}}"}]}
  - name: group
    steps: [[{name: made, template: number}]]
    outputs: {parameters: [{name: out, valueFrom: {parameter: "{{steps.made.outputs.result}}"}}]}
""",
    use=7,
)
file(
    "a-failure",
    """
  - name: main
    dag:
      tasks:
      - {name: A, template: fail}
      - {name: B, template: number, dependencies: [A]}
""",
    "failed",
    A=None,
    B=None,
)
file(
    "depends-on-a-failure",
    """
  - name: main
    dag:
      tasks:
      - {name: A, template: fail}
      - {name: mend, template: number, depends: A.Failed}
      - {name: usual, template: number, depends: A.Succeeded}
      - {name: after, template: number, depends: "(mend || usual) && !A.Succeeded"}
""",
    mend=7,
    after=7,
    usual=None,
)
file(
    "goes-on",
    """
  - name: main
    steps:
    - - {name: may-fail, template: fail, continueOn: {failed: true}}
    - - {name: next, template: number}
""",
    next=7,
)
file(
    "retried",
    """
  - name: main
    steps: [[{name: flaky, template: flaky}]]
  - name: flaky
    retryStrategy: {limit: 3, backoff: {duration: "1s", factor: 2}}
    script:
      image: python
      command: [python]
      source: |
        assert {{retries}} == 2, "not yet"
        print("at last")
""",
    flaky="at last",
)
file(
    "exit-handler",
    """
  - name: main
    steps: [[{name: broken, template: fail}]]
  - name: bye
    steps:
    - - name: sorry
        template: say
        when: "{{workflow.status}} != Succeeded"
        arguments: {parameters: [{name: message, value: "it {{workflow.status}}"}]}
      - {name: cheer, template: number, when: "{{workflow.status}} == Succeeded"}
""",
    "failed",
    spec="  onExit: bye\n",
    **{"bye/sorry": "it Failed", "bye/cheer": None},
)
file(
    "suspend-for-a-while",
    """
  - name: main
    steps:
    - - {name: wait, template: wait}
    - - {name: go, template: number}
  - name: wait
    suspend: {duration: "1"}
""",
    go=7,
)
file(
    "environment",
    """
  - name: main
    container:
      image: alpine
      command: [sh, -c]
      args: ["echo $LEVEL"]
      env: [{name: LEVEL, value: "3"}]
""",
    main=3,
)
FILES["cron"] = (
    FILES["hello"][0]
    .replace("kind: Workflow", "kind: CronWorkflow")
    .replace("spec:\n", "spec:\n  schedule: '0 1 * * *'\n  workflowSpec:\n", 1)
    .replace("  entrypoint", "    entrypoint")
    .replace("  templates", "    templates")
    .replace("\n  - ", "\n    - ")
    .replace("\n    inputs", "\n      inputs")
    .replace("\n    container", "\n      container")
    .replace("\n    script", "\n      script"),
    "success",
    {"main": "hello world"},
)
FILES["template-reference"] = (
    """\
kind: Workflow
metadata: {name: referring}
spec:
  entrypoint: main
  templates:
  - name: main
    steps: [[{name: shared, templateRef: {name: library, template: number}}]]
---
kind: WorkflowTemplate
metadata: {name: library}
spec:
  templates:
  - name: number
    script: {image: python, command: [python], source: "print(7)"}
""",
    "success",
    {"shared": 7},
)


def one(template, more=""):
    """A file whose main template is this one."""
    return _HEAD.replace("NAME", "bad") + more + "  templates:\n  - name: main\n    " + template


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
WRONG = [  # told when it is their turn
    (one(CONTAINER + ", args: ['{{inputs.parameters.x}}']}"), "has no value"),
    (
        one(CONTAINER + "}\n    outputs: {parameters: [{name: o, valueFrom: {path: /o}}]}"),
        "no output",
    ),
]


# In the styles of public examples, each labelled before it was run.
file(
    "a-handler-hears-how-it-ended",
    """
  - name: main
    script: {image: python, command: [python], source: "raise SystemExit(1)"}
  - name: bye
    steps:
    - - {name: cheer, template: number, when: "{{workflow.status}} == Succeeded"}
      - {name: cry, template: say, when: "{{workflow.status}} != Succeeded",
         arguments: {parameters: [{name: message, value: "{{workflow.status}}"}]}}
    - - {name: mail, template: mail}
  - name: mail
    container: {image: alpine, command: [echo], args: ["it {{workflow.status}}"]}
""",
    "failed",
    "  onExit: bye\n",
    **{"bye/cry": "Failed", "bye/mail": "it Failed"},
)
file(
    "a-handler-that-is-a-step-too",
    """
  - name: main
    steps: [[{name: tidy, template: tidy}]]
  - name: tidy
    steps: [[{name: count, template: number}]]
""",
    "success",
    "  onExit: tidy\n",
    **{"tidy/count": 7, "onExit/count": 7},
)
file(
    "beside-the-script",
    """
  - name: main
    steps:
    - - {name: make, template: make}
    - - name: read
        template: read
        arguments: {artifacts: [{name: text, from: "{{steps.make.outputs.artifacts.text}}"}]}
  - name: make
    script:
      image: python
      command: [python]
      source: |
        with open("text.txt", "w") as file:
            file.write("beside")
    outputs: {artifacts: [{name: text, path: /text.txt}]}
  - name: read
    inputs: {artifacts: [{name: text, path: /in/text}]}
    container: {image: alpine, command: [cat, /in/text]}
""",
    read="beside",
)
file(
    "a-folder-as-an-artifact",
    """
  - name: main
    steps:
    - - {name: make, template: make}
    - - name: list
        template: list
        arguments: {artifacts: [{name: all, from: "{{steps.make.outputs.artifacts.all}}"}]}
  - name: make
    container: {image: alpine, command: [sh, -c], args: ["echo 1 | tee /tmp/a; echo 2 > /tmp/b"]}
    outputs: {artifacts: [{name: all, path: /tmp}]}
  - name: list
    inputs: {artifacts: [{name: all, path: /all}]}
    container: {image: alpine, command: [sh, -c], args: ["cat /all/a /all/b | tr -d '\\\\n'"]}
""",
    list=12,
)
file(
    "a-script-that-sh-calls",
    """
  - name: main
    script: {image: alpine, command: [sh, -c], source: "echo called"}
""",
    main="called",
)
file(
    "defaults-of-templates",
    """
  - name: main
    script:
      image: python
      command: [python]
      source: |
        raise SystemExit({{retries}} < 2)
""",
    "success",
    '  templateDefaults: {retryStrategy: {limit: "2"}}\n',
)
file(
    "goes-on-only-for-errors",
    """
  - name: main
    steps:
    - - {name: bad, template: fail, continueOn: {error: true}}
    - - {name: after, template: number}
""",
    "failed",
    after=None,
)
file(
    "all-parameters-of-the-workflow",
    """
  - name: main
    container: {image: alpine, command: [echo], args: ["{{workflow.parameters}}"]}
""",
    "success",
    "  arguments: {parameters: [{name: a, value: b}]}\n",
    main=[{"name": "a", "value": "b"}],
)
file(
    "items-of-items",
    """
  - name: main
    steps:
    - - name: outer
        template: pair
        arguments: {parameters: [{name: of, value: "{{item}}"}]}
        withItems: [x, y]
  - name: pair
    inputs: {parameters: [{name: of}]}
    steps:
    - - name: inner
        template: say
        arguments: {parameters: [{name: message, value: "{{inputs.parameters.of}}{{item}}"}]}
        withSequence: {count: "2"}
""",
    **{"outer[0]/inner[1]": "x1", "outer[1]/inner[0]": "y0"},
)
file(
    "a-map-whose-results-are-gathered",
    """
  - name: main
    steps:
    - - {name: list, template: list}
    - - name: square
        template: square
        arguments: {parameters: [{name: n, value: "{{item}}"}]}
        withParam: "{{steps.list.outputs.result}}"
    - - name: sum
        template: sum
        arguments: {parameters: [{name: all, value: "{{steps.square.outputs.result}}"}]}
  - name: list
    script: {image: python, command: [python], source: "print([1, 2, 3])"}
  - name: square
    inputs: {parameters: [{name: n}]}
    script: {image: python, command: [python], source: "print({{inputs.parameters.n}} ** 2)"}
  - name: sum
    inputs: {parameters: [{name: all}]}
    script:
      image: python
      command: [python]
      source: |
        import json
        print(sum(map(int, json.loads('{{inputs.parameters.all}}'))))
""",
    sum=14,
)
file(
    "a-dag-that-goes-on-after-any-of-two",
    """
  - name: main
    dag:
      tasks:
      - {name: bad, template: fail}
      - {name: good, template: number}
      - {name: either, template: number, depends: "bad.Succeeded || good.Succeeded"}
      - {name: both, template: number, depends: "bad && good"}
""",
    "failed",  # nothing but the failure stands before what was left out
    either=7,
    both=None,
)
file(
    "nothing-to-loop-over",
    """
  - name: main
    steps:
    - - {name: list, template: list}
    - - name: each
        template: say
        arguments: {parameters: [{name: message, value: "{{item}}"}]}
        withParam: "{{steps.list.outputs.result}}"
    - - {name: after, template: number}
  - name: list
    script: {image: python, command: [python], source: "print([])"}
""",
    after=7,
)
file(
    "a-switch-by-a-parameter",
    """
  - name: main
    dag:
      tasks:
      - {name: small, template: number, when: "{{workflow.parameters.size}} < 10"}
      - {name: large, template: number, when: "{{workflow.parameters.size}} >= 10"}
      - {name: end, template: number, depends: "small || large"}
""",
    "success",
    "  arguments: {parameters: [{name: size, value: 12}]}\n",
    small=None,
    large=7,
    end=7,
)
file(
    "objects-from-a-script",
    """
  - name: main
    steps:
    - - {name: plan, template: plan}
    - - name: go
        template: say
        when: "{{item.go}} == true"
        arguments: {parameters: [{name: message, value: "{{item.to}}"}]}
        withParam: "{{steps.plan.outputs.parameters.list}}"
  - name: plan
    script:
      image: python
      command: [python]
      source: |
        import json
        json.dump([{"to": "a", "go": True}, {"to": "b", "go": False}], open("/tmp/list.json", "w"))
    outputs: {parameters: [{name: list, valueFrom: {path: /tmp/list.json}}]}
""",
    **{"go[0]": "a", "go[1]": None},
)
file(
    "a-failure-that-its-followers-got-over",
    """
  - name: main
    dag:
      tasks:
      - {name: bad, template: fail, continueOn: {failed: true}}
      - {name: end, template: number, dependencies: [bad]}
""",
    end=7,
)
