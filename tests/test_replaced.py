"""A plainly wrong sentence in the place of the right one, and beside it; and a right one near it.

Each pair stands on two lines, labelled before the judge saw it. At first, of 33, 33, 36 and 21
wrong ones 25, 26, 24 and 16 earned the point of the criterion that they get wrong; of the last
three then, before they were looked at, 11, 16 and 9; of 40 and 20 later ones first 26 and 15.
Nothing is tuned on `sixth.txt`. Of the 35 denials of `seventh.txt` 23 earned at first, 11 beside;
of the 25 of `eighth.txt` 11, and 15 beside.
That a clause with a word that no right sentence has earns nothing was tried: it took 1 of 26 from
the wrong, and from 11 to 26 of 327 right answers that they pass.
"""

import re
from collections import Counter
from pathlib import Path

import pytest
from said import LETTERS, judged, passes

REPLACED = Path(__file__).parent / "answers/replaced"
RIGHT = {
    "directed": "Each edge leads from the task that must be finished first to the task that needs "
    "its result.",
    "acyclic": "There are no cycles: if you follow the edges, you never come back to a task you "
    "have already passed.",
    "nodes_edges": "Each node is a task and each edge is a dependency.",
    "order": "The execution order follows from the dependencies, so nobody has to remember it.",
    "parallel": "Tasks that do not depend on each other can run at the same time.",
    "rerun": "When a task fails, only that task and what comes after it has to be run again; "
    "everything before it is kept.",
    "reproducible_or_scalable": "And because the whole recipe is written down, a run can be "
    "reproduced.",
}


def pairs(name):
    text = (REPLACED / f"{name}.txt").read_text(encoding="utf-8")
    return re.findall(r"(?m)^(\w) \| (.*)\n  \| (.*)$", text)


@pytest.mark.parametrize(
    ("name", "count", "earn", "beside", "right"),
    [
        ("one", 33, 0, 0, 30),
        ("two", 33, 0, 0, 31),
        ("three", 36, 1, 0, 32),
        ("held_out", 21, 0, 0, 19),
        ("fourth", 40, 7, 4, 36),
        ("fifth", 20, 2, 1, 19),
        ("sixth", 12, 6, 1, 11),
        ("seventh", 35, 1, 0, 27),
        ("eighth", 25, 0, 1, 20),
    ],
)
def test_what_is_wrong_earns_seldom_where_the_right_sentence_stood(
    name, count, earn, beside, right
):
    figures = Counter()
    for letter, wrong, near in pairs(name):
        criterion = LETTERS[letter]
        figures["pairs"] += 1
        figures["earn"] += point(criterion, wrong)
        figures["right"] += point(criterion, near)
        figures["beside"] += passes(text(criterion, f"{RIGHT[criterion]} {wrong}"))
    print(name, dict(figures))
    assert figures["pairs"] == count
    assert figures["earn"] <= earn
    assert figures["beside"] <= beside
    assert figures["right"] >= right


def text(criterion, sentence):
    return " ".join((RIGHT | {criterion: sentence}).values())


def point(criterion, sentence):
    return judged(text(criterion, sentence))[criterion].outcome == "passed"
