"""What happens to the pipelines of the Kubeflow tests."""

OK, SKIP, FAIL, BLOCKED, CACHED = "success", "skipped", "failed", "upstream_failed", "cached"


TABLE = {  # name: pipeline, parameters, state of every task, outputs that matter
    "a chain of parameters": (
        "chain",
        {"value": 5},
        {"double": OK, "double-2": OK},
        {"double-2": 20},
    ),
    "a default": ("chain", {}, {"double": OK, "double-2": OK}, {"double-2": 12}),
    "an artifact is handed on": (
        "files",
        {"text": "a,b"},
        {"write": OK, "read": OK},
        {"read": "a,b"},
    ),
    "a condition that holds": (
        "conditional",
        {"value": 4},
        {"give": OK, "condition-1/say": OK, "condition-1/say-2": OK, "say-3": OK},
        {"condition-1/say-2": "more"},
    ),
    "a condition that does not": (
        "conditional",
        {"value": 3},
        {"give": OK, "condition-1/say": SKIP, "condition-1/say-2": SKIP, "say-3": OK},
        {},
    ),
    "a loop inside a false condition": (
        "loop_in_condition",
        {"value": 1},
        {"give": OK, "condition-1/for-loop-3/double": SKIP},
        {},
    ),
    "a loop inside a true condition": (
        "loop_in_condition",
        {"value": 4},
        {
            "give": OK,
            "condition-1/for-loop-3[0]/double": OK,
            "condition-1/for-loop-3[1]/double": OK,
        },
        {"condition-1/for-loop-3/double": [2, 4]},
    ),
    "if": ("branches", {"value": 11}, {"say": OK, "say-2": SKIP, "say-3": SKIP}, {"say-4": "high"}),
    "elif": (
        "branches",
        {"value": 4},
        {"say": SKIP, "say-2": OK, "say-3": SKIP},
        {"say-4": "middle"},
    ),
    "else": ("branches", {"value": 3}, {"say": SKIP, "say-2": SKIP, "say-3": OK}, {"say-4": "low"}),
    "text, flag and number in conditions": (
        "kinds_of_condition",
        {"word": "go", "flag": False, "rate": 0.5},
        {"condition-1/say": OK, "condition-2/say-2": SKIP, "condition-3/condition-4/say-3": OK},
        {},
    ),
    "a condition inside a false one": (
        "kinds_of_condition",
        {"word": "stop", "flag": True, "rate": 0.1},
        {"condition-1/say": SKIP, "condition-2/say-2": OK, "condition-3/condition-4/say-3": SKIP},
        {},
    ),
    "a loop over constants": (
        "static_loop",
        {},
        {f"for-loop-2[{number}]/double": OK for number in range(3)},
        {"for-loop-2[2]/double": 6, "for-loop-2/double": [2, 4, 6]},
    ),
    "a loop over an output, collected": (
        "dynamic_loop",
        {"count": 3},
        {"upto": OK, **{f"for-loop-1[{number}]/double": OK for number in range(3)}, "total": OK},
        {"total": 6, "for-loop-1/double": [0, 2, 4]},
    ),
    "an empty loop": (
        "dynamic_loop",
        {"count": 0},
        {"upto": OK, "for-loop-1/double": SKIP, "total": OK},
        {"total": 0},
    ),
    "fields of an item": (
        "loop_of_dictionaries",
        {},
        {f"for-loop-2[{number}]/{task}": OK for number in range(2) for task in ("give", "double")},
        {"for-loop-2/give": [1, 2], "for-loop-2/double": [20, 40]},
    ),
    "collected artifacts": (
        "collected_files",
        {},
        {"for-loop-2[0]/write": OK, "for-loop-2[1]/write": OK, "join": OK},
        {"join": "x+y"},
    ),
    "a loop in a loop": (
        "nested_loops",
        {},
        {f"for-loop-2[{a}]/for-loop-4[{b}]/fail-on": OK for a in range(2) for b in range(2)}
        | {"depth": OK},
        {"depth": "[[1, 1], [2, 2]]"},
    ),
    "a condition on each item": (
        "loop_with_condition",
        {},
        {
            "for-loop-2[0]/give": OK,
            "for-loop-2[0]/condition-3/double": SKIP,
            "for-loop-2[1]/give": OK,
            "for-loop-2[1]/condition-3/double": OK,
        },
        {"for-loop-2[1]/condition-3/double": 10},
    ),
    "a failure inside a loop": (
        "failing_loop",
        {},
        {
            **{
                f"for-loop-2[{number}]/{task}": OK
                for number in (0, 2)
                for task in ("fail-on", "double")
            },
            "for-loop-2[1]/fail-on": FAIL,
            "for-loop-2[1]/double": BLOCKED,
            "total": BLOCKED,
        },
        {"for-loop-2[2]/double": 6},
    ),
    "a nested pipeline": (
        "nested",
        {"value": 3},
        {"doubled-twice/double": OK, "doubled-twice/double-2": OK, "give": OK},
        {"give": 12},
    ),
    "a pipeline nested in a nested one": (
        "nested_in_nested",
        {"value": 2},
        {
            "nested/doubled-twice/double": OK,
            "nested/doubled-twice/double-2": OK,
            "nested/give": OK,
            "double": OK,
        },
        {"double": 16},
    ),
    "a loop over artifacts": (
        "loop_over_files",
        {},
        {
            **{f"lists-of-files/for-loop-2[{number}]/write": OK for number in range(2)},
            **{f"for-loop-1[{number}]/read": OK for number in range(2)},
        },
        {"for-loop-1/read": ["p", "q"]},
    ),
    "an exit task after success": (
        "exits_well",
        {},
        {"exit-handler-1/say": OK, "final": OK},
        {"final": "guarded COMPLETE None"},
    ),
    "an exit task after a failure": (
        "exits_after_failure",
        {},
        {"exit-handler-1/fail": FAIL, "exit-handler-1/say": BLOCKED, "final": OK},
        {"final": "guarded FAILED exit-handler-1/fail: ValueError: on purpose"},
    ),
    "a failure that is ignored": (
        "ignoring_failure",
        {},
        {"fail": FAIL, "say": OK},
        {"say": "anyway"},
    ),
    "a failure stops only what needs it": (
        "failing",
        {},
        {"fail": FAIL, "say": BLOCKED, "give": OK, "double": OK},
        {"double": 2},
    ),
    "a retry that succeeds": (
        "retrying",
        {"counter": "HERE/counter"},
        {"succeed-at": OK},
        {"succeed-at": 2},
    ),
    "retries that are used up": (
        "retrying",
        {"counter": "HERE/counter", "attempt": 9},
        {"succeed-at": FAIL},
        {},
    ),
    "the same work is reused": (
        "same_twice",
        {},
        {"double": OK, "double-2": CACHED},
        {"double-2": 8},
    ),
    "unless caching is off": (
        "same_twice_uncached",
        {},
        {"double": OK, "double-2": OK},
        {"double-2": 8},
    ),
    "an imported file": (
        "imported",
        {"uri": "HERE/given.csv"},
        {"importer": OK, "read": OK},
        {"read": "given rows"},
    ),
    "integers stay integers": (
        "integers",
        {},
        {"kinds": OK, "kinds-2": OK, "kinds-3": OK, "tuned": OK},
        {
            "kinds": "share float, trees int",
            "kinds-2": "deep int",
            "kinds-3": "depth int, rate float",
        },
    ),
    "several outputs, and text around them": (
        "several_outputs",
        {},
        {"both": OK, "say": OK},
        {"both": {"half": 1.5, "word": "no. 3"}, "say": "no. 3 is twice 1.5"},
    ),
    "metrics and a model": ("logged", {}, {"score": OK}, {}),
    "an environment variable": (
        "with_environment",
        {},
        {"environment": OK},
        {"environment": "vanilla"},
    ),
    "a container's command": (
        "containers",
        {"text": "ho"},
        {"shout": OK, "read": OK},
        {"read": "ho!\n"},
    ),
    "a file as the pipeline's input": (
        "given_a_file",
        {"data": "HERE/given.csv"},
        {"read": OK},
        {"read": "given rows"},
    ),
}
