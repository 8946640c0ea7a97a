"""Records side by side: what differs, in words and as a page."""

import re

import pytest
from recorded import RETRIED, recorded

from workbench import Record, Run, compare
from workbench.comparison import differences
from workbench.graph import Graph


def test_differences_name_the_columns_in_which_records_disagree():
    one, other = recorded(*RETRIED), recorded(("started", "a", 1), ("succeeded", "a", 1))
    first, second = differences([one, other])
    assert (first.task, first.fields, first.attempts) == ("a", ("attempts",), (2, 1))
    assert (second.task, second.fields, second.states) == (
        "b",
        ("state", "attempts"),
        ("failed", "pending"),
    )


@pytest.mark.parametrize(
    ("calls", "rows"),
    [
        (["a[0]", "b[0]"], {"a": ("success", "success"), "b": ("pending", "success")}),
        (
            ["a[0]", "a[1]"],
            {"a": ("success", None), "b": ("pending", None), "a[0]": (None, "success")},
        ),
        (["c[0]"], {"a": ("success", None), "c[0]": (None, "success")}),
    ],
)
def test_the_only_call_of_a_task_is_compared_with_the_task_that_has_no_number(calls, rows):
    numbered = Record(Graph.of(calls))
    for call in calls:
        numbered.append("succeeded", call, 1.0)
    found = {row.task: row.states for row in differences([recorded(("succeeded", "a")), numbered])}
    assert found.items() >= rows.items()


def test_compare_says_what_differs(training):
    good, bad = Run(training), Run(training)
    bad.inject("fit", "raise")
    good.run_all()
    bad.run_all()
    comparison = compare(good, bad)
    assert comparison.different == {
        "fit": ("state", "output"),
        "report": ("state", "attempts", "output"),
    }
    assert "≠ fit: ✓ success" in repr(comparison)
    html = comparison._repr_mimebundle_()["text/html"]
    assert html.count("<img") == 1
    assert comparison.page().count("<svg") == 1
    assert "≠ state, output" in html
    assert re.search(r"✗&nbsp;failed, \d\.\d\d&nbsp;s", html), "it breaks at commas only"
