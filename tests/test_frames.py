"""What a writer calls false, wishes, hedges or tells of something else earns nothing.

Labelled before the judge saw them: a capital for what is said rightly, `-` for what is not said.
`held_out.txt` is known by its figures only, and was written beside the first. First 48 of 58 that
are not said earned, 38 of 46; with what was mended for them, of the 31 in `second.txt` still 24.
Of the 36 in `third.txt`, which report, suppose or deny as a whole, 21 earned first.

In `around_*.txt` the frame stands around sentences: a heading, a colon, a mark, struck text. First
16 of 17 wrong ones that were looked at earned all eight points, of those held out 14; of as many
right ones, which call myths what they are, 5 and 10 kept theirs. With what was mended for the
first, of those held out 2 earned all and 15 kept theirs; then those 2 were looked at, too.
"""

from collections import Counter
from pathlib import Path

import pytest
from around import around, earned
from said import FULL, LETTERS, judged, outcomes, passes

from workbench.exercises.answers import Answer
from workbench.exercises.explanation import explained
from workbench.exercises.registry import find
from workbench.prose.framing import DENIED, DOUBTFUL, PLAIN, UNSAID, framed
from workbench.prose.sentences import sentences_of

ALL_SAID = {"acyclic", "directed", "parallel"}
FRAMED = Path(__file__).parent / "answers/framed"


def figures(name):
    """How many sentences say nothing, and earn all the same; say it, are credited, are accused."""
    figures = Counter()
    for line in (FRAMED / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        letter, bar, sentence = line.partition(" | ")
        if bar:
            found = judged(sentence)
            earned = {criterion for criterion in LETTERS.values() if found[criterion].quote}
            earned = {criterion for criterion in earned if found[criterion].outcome == "passed"}
            said = letter != "-"
            figures["said" if said else "unsaid"] += 1
            figures["credited"] += said and LETTERS[letter] in earned
            figures["earned"] += not said and bool(earned)
            figures["accused"] += said and "seems to say" in found["sound"].feedback
    return dict(figures)


@pytest.mark.parametrize(
    ("name", "unsaid", "earned", "credited"),
    [("looked_at", 58, 0, 18), ("held_out", 46, 3, 15), ("second", 31, 0, 9), ("third", 36, 0, 20)],
)
def test_what_is_not_said_earns_nothing_and_what_is_said_in_the_same_words_does(
    name, unsaid, earned, credited
):
    found = figures(name)
    print(found)
    assert (found["unsaid"], found["accused"]) == (unsaid, 0)
    assert found["earned"] <= earned
    assert found["credited"] >= credited


@pytest.mark.parametrize(
    ("said", "passed"),
    [
        ("A DAG has no cycles. That was a lie.", set()),
        ("There are no loops. Independent tasks run in parallel. I made that up.", {"acyclic"}),
        ("There are no loops. Independent tasks run in parallel. None of this is true.", set()),
        ("I doubt it, but there are no cycles.", {"acyclic"}),
        ("I doubt that, whatever it is, a DAG has no cycles.", set()),
        ("Directed edges. No cycles. Order from dependencies. Partial reruns. Parallelism.", set()),
        (
            "No cycles. Each edge leads from A to B. It waits. Unrelated tasks run at once.",
            ALL_SAID,
        ),
        ("I have to explain that nodes are tasks, edges are dependencies.", set()),
        ("You have to see that nodes are tasks, edges are dependencies.", {"nodes_edges"}),
        ("Nobody would say that nodes are tasks, edges are dependencies.", set()),
        ("Nobody would say that a DAG has cycles.", {"acyclic"}),
        ("In politics unrelated tasks may run at once.", set()),
        ("In practice unrelated tasks may run at once.", {"parallel"}),
    ],
)
def test_a_frame_reaches_as_far_as_it_says(said, passed):
    found = outcomes(said) | {"sound": ""}
    assert {criterion for criterion, outcome in found.items() if outcome == "passed"} == passed


def test_what_is_hedged_earns_nothing_and_can_still_be_wrong():
    assert outcomes("Some edges can be followed in both directions.")["directed"] != "passed"
    assert outcomes(FULL + "Some edges can be followed in both directions.")["sound"] != "passed"
    assert outcomes(FULL + "Only few edges are drawn here.")["sound"] == "passed"


@pytest.mark.parametrize(
    ("name", "full", "points"), [("around_looked_at", 17, 7), ("around_held_out", 15, 7)]
)
def test_what_a_frame_around_it_denies_earns_nothing_and_takes_nothing_away(name, full, points):
    earning = [(right, earned(text)) for right, _, text in around(name)]
    print(earning)
    assert len(earning) == 34
    assert earning.count((True, 8)) >= full
    assert sum(number for right, number in earning if not right) <= points


@pytest.mark.parametrize(
    ("text", "loops", "ends"),
    [
        ("It is not true that:\n- it loops.\n\nIt ends.", DENIED, PLAIN),
        ("It is not true that:\n- it loops, or\n- no end is there: it ends.", UNSAID, UNSAID),
        ("# Myths\n- it loops.\n# Facts\n- it ends.", DENIED, PLAIN),
        ("# Myths\n## One\n- it loops.\n## It never loops\n- it ends.", DENIED, PLAIN),
        ("Myths:\n- It loops. No: it ends.", DENIED, PLAIN),
        ("The following is not true. It ends. It loops.", UNSAID, UNSAID),
        ("It is not true that it goes on:\n- it loops.\n- it ends.", PLAIN, PLAIN),
        ("It is no myth that:\n- it ends.\n- it loops.", PLAIN, PLAIN),
        ("No statement, as nobody knows:\n- it ends.\n- it loops.", DOUBTFUL, DOUBTFUL),
        ("Not allowed:\n- it loops.\n- no: it ends.", UNSAID, PLAIN),
        ("What was wrong:\n- it loops.\n\nIt ends.", DENIED, PLAIN),
        ("(E) It ends.\n(F) It loops.", PLAIN, PLAIN),
        ("(T) It ends.\n(F) It loops.", DENIED, PLAIN),
        ("- it ends. (true)\n- it loops. (false)", DENIED, PLAIN),
        ("❌ It loops.\n❌ Never: it ends.", DENIED, PLAIN),
    ],
)
def test_a_lead_governs_what_stands_below_it(text, loops, ends):
    parts = [(part.lower(), begin) for part, begin in framed(text)]
    begun = [{begin for part, begin in parts if said in part} for said in ("it loops", "it ends")]
    assert begun == [{loops}, {ends}]


def test_what_was_wrong_is_told_and_not_denied_where_that_is_asked():
    text = "What was wrong:\n- the tasks belong to no DAG\n- the DAG has no schedule"
    (verdict,) = explained(find("problem_2"), Answer(prose=text)).values()
    assert verdict.outcome == "passed"
    assert framed(text) != framed(text, faults=True) == [(text, PLAIN)]


def test_struck_text_is_not_read_and_quotes_have_no_stars():
    struck = [f"~~{FULL}~~", f"<del>{FULL}</del>", f"<!-- {FULL} -->", f"<!-- {FULL}"]
    assert [passes(f"I do not know. {text}") for text in struck] == [False] * len(struck)
    assert sentences_of("1. *Order* – it **runs** after.") == ["Order – it runs after."]


HIDDEN = [
    f"[//]: # ({FULL})",
    f"[{FULL}]: #",
    f"![{FULL}](a.png)",
    f"[a page](https://a.example '{FULL}')",
    f'<div style="display: none">{FULL}</div>',
    f"<p hidden>{FULL}",
    f'<span title="{FULL}">a</span>',
    f"<script>{FULL}</script>",
    rf"$\phantom{{{FULL}}}$ \sout{{{FULL}}}",
]


@pytest.mark.parametrize("hidden", HIDDEN, ids=lambda text: text[:12])
def test_what_a_reader_does_not_see_is_no_answer(hidden):
    assert not passes(f"I do not know.\n\n{hidden}\n")


@pytest.mark.parametrize(
    "around",
    [
        "See [the docs](https://a.example 'docs').\n\n{}\n\n[docs]: https://a.example 'docs'",
        "![a graph](graph.png)\n\n{}",
        "A <b>page</b> has a `<script>` or a `<template>`.\n\n{}",
        '<span style="color: blue">{}</span>',
        "<details><summary>Answer</summary>\n\n{}\n\n</details>",
        "If a < b, hidden or not, and b > a: nothing. {}",
        "[DAG]: a graph. [^1]: a note.\n\n{}",
    ],
)
def test_what_is_seen_beside_it_is_read(around):
    assert passes(around.format(FULL))
