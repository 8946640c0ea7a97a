"""Patterns over words: what each item means; the search finds what the expression does."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.prose.patterns import Line, pattern

NAMED = {"ROUND": "CYCLE|$BACK", "BACK": "RETURN|back", "TWO": ["a b", "b c ..", "d"]}


@pytest.mark.parametrize(
    ("source", "clause", "found"),
    [
        ("NOT|BAN CYCLE", "there BE NOT CYCLE", True),
        ("NOT|BAN CYCLE", "there BE NOT a CYCLE", False),
        ("NOT a? CYCLE", "there BE NOT a CYCLE", True),
        ("NOT a? CYCLE", "there BE NOT CYCLE", True),
        ("NOT .. CYCLE", "NOT one two three CYCLE", True),
        ("NOT .. CYCLE", "NOT one two three four CYCLE", False),
        ("NOT ... CYCLE", "NOT one two three four CYCLE", True),
        ("^ NOT", "NOT so", True),
        ("^ NOT", "it BE NOT", False),
        ("NOT $", "it BE NOT", True),
        ("NOT $", "NOT so", False),
        ("NOT >CYCLE", "NOT CYCLE", True),
        ("NOT <CYCLE", "NOT CYCLE", False),
        ("NOT <CYCLE", "NOT", True),
        ("NOT ~CYCLE", "NOT b c d e f g h i CYCLE", True),
        ("NOT ~CYCLE", "NOT b c d e f g h CYCLE", False),
        ("NOT ~CYCLE|d", "CYCLE NOT b c", True),
        ("NOT * CYCLE", "NOT any CYCLE", True),
        ("NUMBER TASK", "12 TASK", True),
        ("NUMBER TASK", "2 TASK", False),
        ("NOT $ROUND", "NOT RETURN", True),
        ("NOT RETURN|$ROUND", "NOT back", True),
        ("x $TWO y", "x b c d e y", True),
        ("x $TWO y", "x a c y", False),
        ("EDGE", "EDGES", False),
        ("= .. ( DEP", "EDGE = ( DEP )", True),
    ],
)
def test_what_a_pattern_finds(source, clause, found):
    assert pattern(source, NAMED).matches(Line(clause)) is found


def test_a_gap_does_not_skip_what_bars_it():
    barred = pattern("NEED .. TASK", {}, frozenset({"NOT"}))
    assert barred.matches(Line("NEED the TASK"))
    assert not barred.matches(Line("NEED NOT TASK"))


def test_a_pattern_names_words_of_which_a_clause_must_have_one():
    assert pattern("a|b|c .. d|e? f|g", NAMED).needs == {"f", "g"}
    assert pattern("^ .. a?", NAMED).needs == frozenset()


WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "x", "7", "42"]), max_size=12)
ITEMS = st.sampled_from(["a", "b|c", "c?", "..", "...", ">a|d", "<b", "*", "NUMBER", "$TWO"])


@settings(max_examples=300, deadline=None, derandomize=True)
@given(words=WORDS, items=st.lists(ITEMS, min_size=1, max_size=6))
def test_the_search_finds_what_the_regular_expression_finds(words, items):
    compiled = pattern(" ".join(items), NAMED)
    clause = "".join(word + " " for word in words)
    found = re.search(r"(?<!\S)" + compiled.regex, clause)
    assert compiled.matches(Line(clause)) == bool(found)
