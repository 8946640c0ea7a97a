"""An arrow that is drawn against the need that its sentence names."""

import pytest

from workbench.prose.arrows import is_backward


@pytest.mark.parametrize(
    ("straight", "against"),
    [
        ("B needs A, so I draw A → B.", "B needs A, so I draw B → A."),
        ("`a >> b`: b waits for a.", "`a >> b`: a waits for b."),
        ("(u, v) is in E if v can't start before u.", "(u, v) is in E if u can't start before v."),
        (
            "Painting depends on sanding, hence an edge from sanding to painting.",
            "Painting depends on sanding, hence an edge from painting to sanding.",
        ),
        (
            "The report needs the blood sample: it starts at the blood sample and ends at the "
            "report.",
            "The report needs the blood sample: it starts at the report and ends at the blood "
            "sample.",
        ),
    ],
)
def test_an_arrow_against_the_need_is_seen(straight, against):
    assert is_backward(against)
    assert not is_backward(straight)


@pytest.mark.parametrize(
    "sentence",
    [
        "An edge leads from one task to another one, which needs it.",
        "B depends on A, and nothing leads from C to D.",
        "If there were arrows from A to B and from B to A, A would wait for B and B for A.",
    ],
)
def test_other_arrows_are_left_alone(sentence):
    assert not is_backward(sentence)
