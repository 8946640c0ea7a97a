"""Trigger conditions: what kfp's compiler writes is decided, all else is refused."""

import pytest

from workbench import PipelineError
from workbench.engines.kubeflow.condition import holds

CONDITIONS = [
    ("inputs.parameter_values['a'] == 'x'", {"a": "x"}, True),
    (
        "!(inputs.parameter_values['a'] == 'x') && int(inputs.parameter_values['b']) > 1",
        {"a": "y", "b": 2.0},
        True,
    ),
    ("inputs.parameter_values['a'] == 'it is true && !false'", {"a": "it is true && !false"}, True),
    ("inputs.parameter_values['a'] == true || false", {"a": False}, False),
    ("double(inputs.parameter_values['a']) <= -0.5", {"a": -1}, True),
    ("inputs.parameter_values['a'] != 3", {"a": 3}, False),
    ("true == !inputs.parameter_values['a']", {"a": False}, True),
    ("!!(inputs.parameter_values['a'] == 'a !~ b')", {"a": "a !~ b"}, True),
]


@pytest.mark.parametrize(("text", "values", "expected"), CONDITIONS)
def test_conditions_are_parsed(text, values, expected):
    assert holds(text, values) is expected


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true') == 0",
        "inputs.parameter_values['a'].upper() == 'X'",
        "inputs.parameter_values['gone'] == 'x'",
        "inputs.parameter_values['a'] > 3",
        "inputs.parameter_values['a']",
        "inputs.parameter_values['a'] ==",
    ],
)
def test_a_condition_that_says_nothing_is_refused(text):
    with pytest.raises(PipelineError, match="cannot be decided"):
        holds(text, {"a": "x"})
