"""Slips of the pen: which word was meant, and how many edits two words are apart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.prose.spelling import Speller, slips

KNOWN = ("dependency", "edge", "return", "cycle", "parallel")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("retrun", "return"),
        ("egde", "edge"),
        ("cycel", "cycle"),
        ("dependancy", "dependency"),
        ("paralell", "parallel"),
        ("edged", "edge"),
        ("edger", "edger"),  # right as it stands
        ("edgers", "edgers"),  # so is its plural
        ("edg", "edg"),  # too short to tell
        ("hedge", "hedge"),  # begins otherwise
        ("a" * 9_900, "a" * 9_900),
    ],
)
def test_a_slip_is_read_as_the_word_that_was_meant(word, meant):
    assert Speller(KNOWN, frozenset({"edger"})).mended(word) == meant


@pytest.mark.parametrize(
    ("left", "right", "edits"),
    [
        ("edge", "edge", 0),
        ("edge", "egde", 1),
        ("edge", "ede", 1),
        ("edge", "wedges", 2),
        ("ab", "yz", 2),
    ],
)
def test_edits_between_two_words(left, right, edits):
    assert slips(left, right, 2) == edits
    assert slips(right, left, 2) == edits


WORD = st.text("abc", max_size=8)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(left=WORD, right=WORD, start=WORD, end=WORD)
def test_what_two_words_share_at_their_ends_changes_nothing(left, right, start, end):
    limit = 20
    assert slips(start + left + end, start + right + end, limit) <= slips(left, right, limit)
    assert slips(left, right, limit) >= abs(len(left) - len(right))
