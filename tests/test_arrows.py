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
        ("B needs A, so I write B <- A.", "B needs A, so I write A <- B."),
        ("`b << a`, since b waits for a.", "`a << b`, since b waits for a."),
        ("A has to be done before B, so A → B.", "A has to be done before B, so B → A."),
        ("A must finish before B can start: A → B.", "A must finish before B can start: B → A."),
        ("A comes before B, so the arrow is A -> B.", "A comes before B, so the arrow is B -> A."),
        ("A is needed by B, hence A → B.", "A is needed by B, hence B → A."),
        (
            "Sanding is a prerequisite for painting, so an edge goes from sanding to painting.",
            "Sanding is a prerequisite for painting, so an edge goes from painting to sanding.",
        ),
        (
            "Painting needs sanding, so sanding points to painting.",
            "Painting needs sanding, so painting points to sanding.",
        ),
        (
            "An edge leads from the earlier task to whatever waits for it.",
            "An edge leads from whatever waits to the task that it waits for.",
        ),
        (
            "From what makes it to the task that uses it.",
            "From the task that uses it to its producer.",
        ),
        (
            "An edge from load to clean: cleaning needs loading.",
            "An edge from load to clean: loading needs cleaning.",
        ),
        (
            "Painting needs sanding, so an edge leads to painting from sanding.",
            "Painting needs sanding, so an edge leads to sanding from painting.",
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
        "An edge never leads from the later task to the earlier one.",
        "B depends on A, and nothing leads from C to D.",
        "B comes after A, which is why there is A → B.",
        "A ← B means that B comes first: B is done before A.",
        "C <- B <- A: B needs A, and C needs B.",
        "B never starts before A, which is why A → B.",
        "No task starts before its upstream: A → B.",
        "An arrow from parent to child: no child comes before its parent.",
        "A task that comes before another one points to it.",
        "A → B → C: A is needed by B, and B is needed by C.",
        "If there were arrows from A to B and from B to A, A would wait for B and B for A.",
    ],
)
def test_other_arrows_are_left_alone(sentence):
    assert not is_backward(sentence)
