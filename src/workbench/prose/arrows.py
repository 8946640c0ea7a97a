"""Arrows that a text draws against the need that it names: `B needs A, so I draw B → A`."""

import re
from functools import lru_cache
from itertools import chain

# Two words, since `the blood sample` is one thing; `task B` is B.
SKIPPED = r"(?:(?:the|an?|its|task|step|node|job|vertex) ){0,2}"
NAME = r"(?<!\w)\w{1,30}(?: (?!and|to|in|on|is|has|be|or|as|for|which|that|never|not)[a-z]{1,30})?"
THING = rf"{SKIPPED}[\"“‘`']?({NAME})[\"”’`']?"
NEEDS = re.compile(
    rf"{THING},? (?:needs|depends? (?:up)?on|waits? for|has to wait for|must wait for|requires?"
    rf"|relies on|(?:can|may)(?:'t|not| not) (?:be )?(?:start|begin|run|started) (?:before|until)"
    rf"|(?:(?:can|may|is) )?(?:only )?(?:be )?(?:starts?|begins?|runs?|started|comes?|done) after)"
    rf" {THING}"
)
NEEDED = re.compile(  # the same, told of what is needed
    rf"(?<!no )(?<!never )(?!no |never ){THING},? (?:(?:comes|goes|runs|starts|happens|finishes"
    rf"|ends|is (?:done|run|finished))|(?:has to|have to|must|should) (?:be )?(?:come|go|run|start"
    rf"|finish|finished|end|done)) before {THING}"
    rf"|{THING} is (?:needed|required|used) (?:by|for) {THING}"
    rf"|{THING} is an? (?:prerequisite|requirement|precondition) (?:for|of) {THING}"
)
ARROWS = (
    re.compile(rf"\bfrom {THING} to {THING}"),
    # who looks ahead for the second thing finds it again as the first one of the next arrow
    re.compile(rf"{THING} ?(?:→|->|=>|>>) ?(?={THING})"),
    re.compile(rf"\( ?{THING}, ?{THING} ?\) (?:is in|in|∈)"),
    re.compile(
        rf"(?:starts|begins|leaves|departs) (?:at|from|in) {THING},? and "
        rf"(?:ends|arrives|stops|points) (?:at|in|to) {THING}"
    ),
    re.compile(rf"{THING} (?:points|leads) (?:to|at|into) {THING}"),
)
BACK = (  # their head first
    re.compile(rf"{THING} ?(?:←|<-|<<) ?(?={THING})"),
    re.compile(rf"\bto {THING} from {THING}"),
)
ENDING = re.compile(r"(?:ing|ed|e?s|e)$")
# no names: one of them stands for whatever is meant
NOBODY = """it they them this that one another other others each every any some which what who us
you we task tasks step steps node nodes job jobs something first second next former latter"""
# the roles that the two ends of an arrow are told by, where nothing is named
PLACED = r"(?:task|step|node|job|stage|one|things?|action|operation)s?"
LATER = (
    rf"(?:(?:dependent|dependant|depending|needing|waiting|consuming|later|subsequent|following"
    rf"|downstream) {PLACED}|(?:{PLACED} (?:that|which)|whatever|what|whoever|who)"
    r" (?:needs(?! to\b)|depends|waits|uses|consumes|requires(?! to\b)|relies"
    r"|(?:comes|runs|is run) (?:later|after|afterwards))\b|(?:successor|consumer|descendant)s?\b)"
)
EARLIER = (
    rf"(?:(?:earlier|previous|preceding|prior|needed|required|upstream|producing) {PLACED}"
    rf"|(?:{PLACED} (?:that|which)|whatever|what|whoever|who)"
    rf" (?:makes|produces|delivers|supplies|gives|(?:comes|runs|is run) (?:earlier|before|first)"
    rf"|is (?:needed|required)|(?:must|has to) (?:be|come|run) )"
    rf"|(?:{PLACED} (?:that |which )?|what |whatever )(?:it|they|this one)"
    r" (?:depends?|needs?|requires?|uses?|waits?)\b"
    rf"|(?:predecessor|producer|ancestor)s?\b)"
)
WORDS = r"(?:(?!to\b|towards\b|not\b|never\b)[\w-]+,? ){0,7}"
ROLES_BACK = re.compile(
    rf"(?:from|at|leaves) (?:the |an? |each |every )?{LATER} ?{WORDS}(?:and (?:\w+ )?)?"
    rf"(?:to|towards|into|at|in) (?:the |an? |each |every |its )?{EARLIER}"
)
EARLIER_AHEAD = re.compile(
    rf"^(?:an? |the |every |each )?(?:edge|arrow|line)s? (?:goe?s?|leads?|points?|runs?|starts?)"
    rf" (?:from|at) (?:the |an? )(?:dependent|depending|waiting|needing|consuming) {PLACED}"
)
NOT_SO = re.compile(
    r"\b(?:not|never|no|cannot|instead|rather|wrong|would|if|unlike|backwards?)\b|n't"
)
LONGEST = 1000  # characters of a sentence that are looked at


@lru_cache(maxsize=1024)  # asked for each criterion
def is_backward(sentence: str) -> bool:
    """Whether an arrow of the sentence leads from what needs to what is needed, and none back."""
    line = " ".join(sentence[:LONGEST].lower().replace("’", "'").split())
    if (ROLES_BACK.search(line) or EARLIER_AHEAD.search(line)) and not NOT_SO.search(line):
        return True
    needs = _pairs(line, NEEDS) + [pair[::-1] for pair in _pairs(line, NEEDED)]
    arrows = _pairs(line, *ARROWS) + [pair[::-1] for pair in _pairs(line, *BACK)]
    along = [(earlier & tail, later & head) for later, earlier in needs for tail, head in arrows]
    against = [(later & tail, earlier & head) for later, earlier in needs for tail, head in arrows]
    return any(map(all, against)) and not any(map(any, along))


def _pairs(line: str, *patterns: re.Pattern) -> list[tuple[set[str], set[str]]]:
    """The names on the left and on the right of each match, without those that are on both."""
    nobody, pairs = set(NOBODY.split()), []
    for match in chain.from_iterable(pattern.finditer(line) for pattern in patterns):
        left, right = (
            {_stem(word) for word in words.split() if word not in nobody}
            for words in filter(None, match.groups())
        )
        pairs.append((left - right, right - left))
    return pairs


def _stem(word: str) -> str:
    """Alike for `load` and `loading`."""
    return ENDING.sub("", word) if len(word) > 4 else word
