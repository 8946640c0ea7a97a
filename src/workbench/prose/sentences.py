"""A text into sentences: lines unwrapped, lists and tables taken apart, answers stated."""

import re

ABBREVIATION = re.compile(r"\b(e\.?g\.|i\.?e\.|etc\.|vs\.|resp\.)", re.I)
# `1) `, `(a) ` or `2. ` at the beginning of a line or after a space, but not that of `step 3. `
ENUMERATOR = re.compile(
    r"^\(?[a-h][).]\s|"
    r"(?:(?<=\s)|^)(?<!step )(?<!task )(?<!stage )(?<!node )(?<!job )\(?(?:\d{1,2}[).]|[a-h]\))\s",
    re.M | re.I,
)
TERM = re.compile(r"\S+(?: \S+)? ?(?:=|:| [-–—]|→)\s")  # `acyclic = no circles`
HEADING = re.compile(r"(?:\S+ ){0,3}\S+:")  # `Why:`, `What it is good for:`
# after a full stop and what closes a quotation, at the end of a line, at a bullet
BOUNDARY = re.compile(r"(?<=[.!?])[\"”')]*\s+|\n+|•")
SPEAKER = re.compile(r"(?:q|a|question|answer): *", re.I)
MARKUP = " \t*•#>_-–—"
EMPHASIS = re.compile(r"(?<![\w*])\*+(?=\S)|(?<=[^\s*])\*+(?!\w)")  # not `a * b` or `a*b`
HALF_LINE = 30  # characters of a line that a colon does not end
FULL_LINE = 60  # characters after which a line without a full stop was wrapped
# `What is a node?`, `And what's an edge?`
WHAT_IS = re.compile(r"(?:and |but |so )?what(?:'s|’s| is| are) (?:(?:an?|the) )?([^?,]+)\?", re.I)
# `Are there cycles?`
WHETHER = re.compile(
    r"(?:and |but |so )?((?:is|are|may|can|could|must|do|does|will|has|have)\b[^?]+)\?", re.I
)
ANSWERED_NO = "not "  # what a question begins with as a statement, to which the answer is no
REPLY = re.compile(r"(yes|no|never)\b[.,:;!]*\s*", re.I)


def sentences_of(text: str) -> list[str]:
    """The sentences of a text in its own words; questions that it answers become statements."""
    text = ABBREVIATION.sub(lambda match: match[0].replace(".", ""), text).replace("...", "…")
    text = ENUMERATOR.sub("\n", _unwrapped(text))
    pieces = (_row(EMPHASIS.sub("", piece)).strip(MARKUP) for piece in BOUNDARY.split(text))
    pieces = (
        SPEAKER.sub("", piece, count=1) if SPEAKER.match(piece) else piece for piece in pieces
    )
    return _answered([piece for piece in pieces if any(map(str.isalnum, piece))])


def _unwrapped(text: str) -> str:
    """The text unwrapped: a line goes on if it was full, or the next begins in small letters."""
    lines = [""]
    for line in map(str.strip, text.splitlines()):
        before = lines[-1]
        ends = ".!?:;" if len(before) < HALF_LINE else ".!?"
        open_end = before and before[-1] not in ends and line.lstrip('`(“"')[:1].isalnum()
        was_full = len(before) >= FULL_LINE and not HEADING.fullmatch(line)
        if open_end and (was_full or (line[0].islower() and not TERM.match(line))):
            lines[-1] = f"{before} {line}"
        else:
            lines.append(line)
    return "\n".join(lines)


def _row(piece: str) -> str:
    """A table's row as a sentence: its first cell is what the others say."""
    first, *others = (cell.strip() for cell in piece.strip().strip("|").split("|"))
    is_row = piece.strip().startswith("|") and others
    return f"{first} = {', '.join(others)}" if is_row else piece


def _answered(sentences: list[str]) -> list[str]:
    """The sentences, with `What is a node? A task.` and `Are there loops? No.` as statements."""
    stated: list[str] = []
    for sentence in sentences:
        question = stated[-1] if stated else ""
        if (asked := WHAT_IS.fullmatch(question)) and not sentence.endswith("?"):
            stated.append(f"{asked[1]} is {sentence[0].lower()}{sentence[1:]}")
        elif (asked := WHETHER.fullmatch(question)) and (reply := REPLY.match(sentence)):
            stated.append(asked[1] if reply[1].lower() == "yes" else f"{ANSWERED_NO}{asked[1]}")
            stated += filter(None, [sentence[reply.end() :]])
        else:
            stated.append(sentence)
    return stated
