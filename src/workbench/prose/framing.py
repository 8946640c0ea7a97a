"""What stands around sentences by structure: a heading, a colon, a mark at an item's head or end.

`It is not true that:` governs the list, the quotation or the paragraph below it, a heading what
follows up to the next one. Which leads deny, or give to somebody else, is data in `frames.toml`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from workbench.prose.unseen import seen
from workbench.prose.vocabulary import english, mended

# what a sentence is read with: as denied, not asserted, for a person, as it stands
DENIED, UNSAID, DOUBTFUL, PLAIN = "it is false that ", "unsaidall ", "hedgedall ", ""
HEADING = re.compile(r" {0,3}(#{1,6})\s+\S|\s*(?:\*\*|__)[^*_]+(?<![.!?:,])(?:\*\*|__)\s*$")
UNDERLINE = re.compile(r" {0,3}(?:=+|--+)\s*")
GOVERNING = ("denied", "unsaid", "banned", "doubtful")  # of the kinds in `frames.toml`
IN_BOLD = 7  # the depth of a line in bold, which is a heading
TEXT, QUOTATION = "text", "quotation"  # shapes of a block
SHAPES = {
    "item": re.compile(r"\s*(?:[-*+•–]|\(?\d{1,2}[.)]|\(?[a-h]\))\s+\S"),
    QUOTATION: re.compile(r"\s*>"),
    "row": re.compile(r"\s*\|"),
}
SENTENCE = re.compile(r"(?<=[.!?])[\"”')*_]*\s+")
OPENING = re.compile(r"[^.!?:]*:[*_]*\s+")
COLON = re.compile(r"(?::|\bthat\s*(?:…|\.\.\.))[\s*_]*\Z")
FOLLOWING = re.compile(
    r"\bfollowing\b(?! (?:ones?|tasks?|steps?|nodes?|jobs?|the|an?|it|them)\b)|\b\w{1,30}s below\b"
)
# of many things, in a line that leads the rest of its paragraph
MANY = re.compile(r"\b(?:following|below|these|all|any|each|everything|nothing|none)\b|s\W*$")
WORD = re.compile(r"[\w']+|\?")
LONGEST, WORDS, TITLE = 200, 16, 8  # characters and words of a lead, and words of a title
FULL_LINE = 60  # characters after which a lead was wrapped
NUMBER, SHORT = 2, 5  # words of `Myth 1`, and of `What is not allowed:`, which states nothing
BARE = re.compile(r"[\w\s|*'’,/&-]*\w[\s|*_]*")  # `Common misconceptions`
FALSEHOOD = r"(?:false|wrong|untrue|incorrect|not true|myth|lie|nonsense)"
AT_HEAD = re.compile(rf"\W*[\[(](?:(f)|{FALSEHOOD})[\])]", re.I)
TAIL = rf"(?:(?<![^\s*_])[\[(](?:f|{FALSEHOOD})[\])]|(?:→|[-=]>|(?<=\s)[-–—]\s)\W*{FALSEHOOD})"
AT_END = re.compile(rf"{TAIL}\W*\Z", re.I)
MARK = re.compile(rf"[*_]*+(?:{TAIL})?[^\w\n]*+(?:\n|\Z)", re.I)  # alone
CROSS = re.compile(r"[❌❎✗✘✖☒👎🚫⛔]")
EDGE = 40  # characters in which a mark stands
# where the writer goes on to what is so
CORRECTION = re.compile(
    r"\W*(?:(?:no|nope|wrong|false|right|true|correct(?:ion|ed|ly)?|(?:the )?(?:facts?|truth"
    r"|reality))\s*[.,:;!–—-]|(?:but|actually|instead|in (?:fact|truth|reality)|really|however"
    r"|not so|on the contrary|(?:this|that) (?:is|was) (?:not|wrong|false))\b"
    r"|(?:it|they|there) (?:is|are|do|does|may|can) ?(?:not|n['’]t)\W*\Z)|\W*[→✅✔☑]",
    re.I,
)
# in which one denial is easily taken for another's
SEVERAL = re.compile(
    r"[,;:(→]|\s[-–—]+\s|\b(?:and|but|because|not?|never|without|nothing|none|cannot)\b|n['’]t",
    re.I,
)
NEGATED = re.compile(r"\W*(?:\w+\W+){0,2}(?:not?|never|nothing|none|without|cannot)\b", re.I)


@dataclass(frozen=True)
class Frame:
    """How what stands below a lead is governed; a kind as in `frames.toml`, or none."""

    kind: str = ""
    depth: int = 0  # of the heading that leads
    shape: str = ""  # of the first block below

    def reaching(self, shape: str) -> "Frame":
        """What is left of it in a block of this shape: a colon leads one list, or one paragraph."""
        if not self.shape:
            return replace(self, shape=shape)
        return self if self.depth or shape == self.shape != TEXT else Frame()

    def governs(self, shape: str) -> bool:
        """Whether it governs a block: below a heading, after a list, a paragraph stands free."""
        return self.kind in GOVERNING and self.shape in (shape, TEXT)


def framed(text: str, faults: bool = False) -> list[tuple[str, str]]:
    """The text in parts, each with what its sentences are read with.

    faults: it is to tell what is wrong with something, so that `What was wrong:` denies nothing.
    """
    parts: list[tuple[str, str]] = []
    for piece, begin in _pieces(seen(text), faults):
        goes_on = parts and parts[-1][1] == begin == PLAIN
        parts.append((parts.pop()[0] + piece if goes_on else piece, begin))
    return parts


def _pieces(text: str, faults: bool) -> Iterator[tuple[str, str]]:
    """The sentences of a text, with what is between them, and what each is read with."""
    above = below = Frame()
    listed = bool(re.search(r"[\[(]E[\])]", text))  # so that `(F)` is only the next one
    for shape, depth, block, following in _followed(_blocks(text)):
        if depth:
            lead = _last_line(block)
            kind = _kind(lead, faults)
            inherits = above.kind and depth > above.depth and len(lead.split()) <= NUMBER
            above = above if inherits and not kind else Frame(kind, depth)
            below = Frame()
            yield block, UNSAID if above.kind in GOVERNING else PLAIN
        elif not shape:
            yield block, PLAIN
        else:
            above, below = above.reaching(shape), below.reaching(shape)
            frame = next((scope for scope in (below, above) if scope.governs(shape)), Frame())
            column = shape == following == "row" and block.count("|") == 2  # its head
            titled = column or (shape == TEXT and following in SHAPES)
            sentences = [*_sentences(block, frame.kind, titled, faults)]
            yield from (_unmarked(sentence, begin, listed) for sentence, begin, _ in sentences)
            *_, led = sentences[-1]
            above = Frame() if led == "so" else above
            below = Frame(led) if led else below


def _sentences(block: str, kind: str, titled: bool, faults: bool) -> Iterator[tuple[str, str, str]]:
    """The sentences of a block that is governed so, each with what it is read with.

    The last comes with how it leads the next block. titled: a bare line may do so.
    """
    opening = OPENING.match(block)
    lead = [opening.end()] if opening and MANY.search(opening[0].lower()) else []
    ends = (match.end() for match in SENTENCE.finditer(block))
    cuts = [0, *lead, *(end for end in ends if not MARK.match(block, end)), len(block)]
    sentences = [block[begin:end] for begin, end in pairwise(cuts) if begin < end]
    for number, sentence in enumerate(sentences):
        last = number == len(sentences) - 1
        colon, below = COLON.search(sentence), FOLLOWING.search(sentence.lower())
        bare = titled and len(sentences) == 1 and BARE.fullmatch(sentence)
        lead = _last_line(sentence) if colon or below or bare else ""
        own, length = _kind(lead, faults), len(lead.split())
        if last and (colon or (bare and length <= TITLE)):
            says = own == "banned" and length > SHORT and not lead.startswith("what ")
            states = own in ("", "so", "doubtful") or says
            yield sentence, PLAIN if states else UNSAID, own
        elif (
            own in ("denied", "unsaid" if below else "denied")
            and length <= TITLE
            and (below or (colon and number == 0))
        ):
            kind = own
            yield sentence, UNSAID, kind if last else ""
        else:
            if (number or block[0].isspace()) and CORRECTION.match(sentence):
                kind = ""
            yield sentence, _begin(sentence, kind, number == 0), ""


def _followed(blocks: Iterable[tuple[str, int, str]]) -> list[tuple[str, int, str, str]]:
    """Each block, and the shape of the next one that says anything, if that is no heading."""
    following, followed = "", []
    for shape, depth, block in reversed(list(blocks)):
        followed.append((shape, depth, block, following))
        following = shape if shape or depth else following
    return followed[::-1]


def _begin(sentence: str, kind: str, first: bool = True) -> str:
    """What a sentence is read with that is governed so; the first one may be a denial."""
    if not kind or (kind == "banned" and NEGATED.match(sentence)):
        return PLAIN
    if kind == "doubtful":
        return DOUBTFUL
    return DENIED if kind == "denied" and first and not SEVERAL.search(sentence) else UNSAID


def _unmarked(sentence: str, begin: str, listed: bool) -> tuple[str, str]:
    """A sentence without the mark that says that it is false, and what it is then read with.

    listed: `(F)` at its head is only its letter. A cross at `no cycles` may mean just that.
    """
    head, end = AT_HEAD.match(sentence[:EDGE]), AT_END.search(sentence[-EDGE:])
    if (head and not (listed and head[1])) or end:
        rest = sentence[: end.start() - len(sentence[-EDGE:])] if end else sentence[head.end() :]
        return rest, _begin(rest, "denied")
    signs = re.match(r"\W*", sentence[:EDGE])[0] + re.split(r"\w", sentence[-EDGE:])[-1]
    if begin == PLAIN and CROSS.search(signs) and not NEGATED.match(sentence):
        return sentence, _begin(sentence, "denied")
    return sentence, begin


def _last_line(lead: str) -> str:
    """The words of a lead in lower case, without those of lines that end before it."""
    *before, line = lead.strip().lower().split("\n")
    full = before[-1:] if before and len(before[-1]) >= FULL_LINE else []
    return " ".join(WORD.findall(mended(" ".join([*full, line])[:LONGEST], english().spelling)))


def _kind(lead: str, faults: bool) -> str:
    """How a lead governs what stands below it."""
    if not 0 < len(lead.split()) <= WORDS:
        return ""
    kinds = (kind for pattern, kind in english().leads if pattern.search(lead))
    kind = next((kind for kind in kinds if faults or kind != "faulty"), "")
    return "" if kind in ("plain", "faulty") else kind


def _blocks(text: str) -> Iterator[tuple[str, int, str]]:
    """Each block of lines: its shape, if it says anything, and its depth, if it is a heading."""
    shape = before = held = ""
    for line, following in pairwise([*text.splitlines(keepends=True), ""]):
        depth = _depth(line, following) if shape in ("", TEXT) or line[0] in "#*_" else 0
        new = next((name for name, sign in SHAPES.items() if sign.match(line)), TEXT)
        goes_on = new in (TEXT, QUOTATION) and new in (TEXT, shape) and not depth
        goes_on = goes_on and shape and re.search(r"\w", line)
        if held and not goes_on:
            yield shape, 0, held
            held, before, shape = "", shape, ""
        if depth or not re.search(r"\w", line):
            before = "" if depth else before
            yield "", depth, line
            continue
        if not goes_on:
            shape = before if new == TEXT and before and line[0].isspace() else new
        held += line
        if COLON.search(line):
            yield shape, 0, held
            held, before, shape = "", shape, ""
    if held:
        yield shape, 0, held


def _depth(line: str, following: str) -> int:
    """Of a heading, how deep it is; otherwise 0."""
    if match := HEADING.match(line):
        return len(match[1]) if match[1] else IN_BOLD
    if UNDERLINE.fullmatch(following) and re.search(r"\w", line):
        return 1 if "=" in following else 2
    return 0
