"""Arrows that a text draws against the need that it names: `B needs A, so I draw B → A`."""

import re

# Two words, since `the blood sample` is one thing; `task B` is B.
SKIPPED = r"(?:(?:the|an?|its|task|step|node|job|vertex) ){0,2}"
NAME = r"(?<!\w)\w{1,30}(?: (?!and|to|in|on|is|has|be|or|as|for|which|that)[a-z]{1,30})?"
THING = rf"{SKIPPED}[\"“‘`']?({NAME})[\"”’`']?"
NEEDS = re.compile(
    rf"{THING},? (?:needs|depends? (?:up)?on|waits? for|has to wait for|must wait for|requires?"
    rf"|relies on|(?:can|may)(?:'t|not| not) (?:be )?(?:start|begin|run|started) (?:before|until)"
    rf"|(?:(?:can|may|is) )?(?:only )?(?:be )?(?:starts?|begins?|runs?|started|comes?|done) after)"
    rf" {THING}"
)
ARROWS = (
    re.compile(rf"\bfrom {THING} to {THING}"),
    re.compile(rf"{THING} ?(?:→|->|=>|>>) ?{THING}"),
    re.compile(rf"\( ?{THING}, ?{THING} ?\) (?:is in|in|∈)"),
    re.compile(
        rf"(?:starts|begins|leaves|departs) (?:at|from|in) {THING},? and "
        rf"(?:ends|arrives|stops|points) (?:at|in|to) {THING}"
    ),
)
# no names: one of them stands for whatever is meant
NOBODY = """it they them this that one another other others each every any some which what who us
you we task tasks step steps node nodes job jobs something first second next former latter"""
LONGEST = 1000  # characters of a sentence that are looked at


def is_backward(sentence: str) -> bool:
    """Whether an arrow of the sentence leads from what needs to what is needed, and none back."""
    line = " ".join(sentence[:LONGEST].lower().replace("’", "'").split())
    needs = [_pair(match) for match in NEEDS.finditer(line)]
    arrows = [_pair(match) for arrow in ARROWS for match in arrow.finditer(line)]
    along = [(earlier & tail, later & head) for later, earlier in needs for tail, head in arrows]
    against = [(later & tail, earlier & head) for later, earlier in needs for tail, head in arrows]
    return any(map(all, against)) and not any(map(any, along))


def _pair(match: re.Match) -> tuple[set[str], set[str]]:
    left, right = (set(words.split()) - set(NOBODY.split()) for words in match.groups())
    return left - right, right - left
