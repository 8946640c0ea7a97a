"""A pipeline's parameters are checked before anything runs."""

import pytest

from workbench import PipelineError, run

BAD_ARGUMENTS = {
    "missing": ("conditional", {}, "pipeline 'conditional' needs 'value' (int): run(…, value=…)"),
    "missing file": ("given_a_file", {}, "needs 'data' (Dataset)"),
    "unknown": (
        "chain",
        {"valu": 1},
        "'valu' is not a parameter of pipeline 'chain' (parameters: value (int))",
    ),
    "text for a number": (
        "conditional",
        {"value": "4"},
        "parameter 'value' is to be int, not str '4'",
    ),
    "a flag for a number": (
        "conditional",
        {"value": True},
        "parameter 'value' is to be int, not bool True",
    ),
    "a number for a file": (
        "given_a_file",
        {"data": 1},
        "parameter 'data' is to be the path of a Dataset, not int 1",
    ),
}


@pytest.mark.parametrize("row", BAD_ARGUMENTS.values(), ids=BAD_ARGUMENTS)
def test_a_wrong_argument_is_named_with_its_type(row, pipelines):
    name, parameters, message = row
    with pytest.raises(PipelineError) as caught:
        run(getattr(pipelines, name), **parameters)
    assert message in str(caught.value)
