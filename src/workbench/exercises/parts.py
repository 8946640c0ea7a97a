"""The parts of an answer, of several files and cells that hold them: which one counts, by one rule.

What is empty, or what the exercise begins with, never counts beside what somebody has written; of
two who have different things written nothing is chosen silently.
"""

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

BEGUN = "{}: its {} is empty or what the exercise begins with, so that of {} counts."
DIFFERENT = "{} hold different {}: hand in one."
AS_CODE = "{} is read as code: it holds Python."
FENCED_CODE = "The code between ``` in {} counts as code."
MIXED = "{} holds lines of Python in a way that is not read as code."
LARGEST = 1 << 16  # characters that are parsed here
FENCED = re.compile(r"(?ms)^```[^\n]*\n(.*?)^```")  # code in Markdown
# ++, *+: not a step back is remembered.
PYTHON = re.compile(
    r"(?m)^[ \t]*+(?:(?:async )?def \w++\(|class \w++[^\n:]*+:|from [\w.]++ import \w"
    r"|import [\w.]++(?: as \w++)?+[ \t]*+$)"
)
COMMENT = re.compile(r"(?m)^[ \t]*+#.*$")  # a line of its own
ASIDE = 10_000  # characters of comments beside code that is no more than the beginning
UNMEANT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
UNMEANT |= {tokenize.ENDMARKER}
DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
CALLED = {"code": "code", "prose": "explanation", "show": "part that is shown"}


@dataclass(frozen=True)
class Held:
    """What one file holds: by part its text; what it says beside.

    spare: by part the text where no other file holds code, and a piece of this one is; unread:
    parts that may be there and are not read, and what is said of that; words: see `Answer`.
    """

    where: str
    texts: Mapping[str, str]
    notes: Sequence[str] = ()
    spare: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    words: frozenset[str] = frozenset()

    def is_begun(self, beginning: Mapping[str, str]) -> bool:
        """Whether each part is empty, or what the exercise begins with, and there is no other."""
        begun = (is_begun(part, text, beginning.get(part)) for part, text in self.texts.items())
        return not (self.spare or self.unread) and all(begun)


@dataclass(frozen=True)
class Together:
    """The files as one answer; different: what is said where two of them hold different things."""

    texts: Mapping[str, str]
    notes: Sequence[str]
    unread: Sequence[str]
    different: str = ""


def is_begun(part: str, text: str | None, beginning: str | None) -> bool:
    """Whether there is nothing in it, or no more than the exercise begins with: blanks and, where
    it is no prose, comments apart."""
    text, beginning = text or "", beginning or ""
    if part != "prose":
        text, beginning = COMMENT.sub("", text), COMMENT.sub("", beginning)
    if text.split() in ([], beginning.split()):
        return True
    if part == "prose" or len(text) > len(beginning) + ASIDE:
        return False
    pairs = zip_longest(_tokens(plain(text)), _tokens(plain(beginning)))
    return all(mine == theirs for mine, theirs in pairs)


def _tokens(text: str) -> Iterator[str]:
    """What is meant by code, one by one; what cannot be read as such, as it is."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type not in UNMEANT:
                yield token.string
    except (SyntaxError, tokenize.TokenError):
        yield text


def together(several: Iterable[Held], beginning: Mapping[str, str]) -> Together:
    """The text of each part by the files that hold it, the first one first.

    beginning: part → what the exercise begins with.
    """
    several = [*several]
    notes = [note for held in several for note in held.notes]
    texts, different = {}, []
    for part, called in CALLED.items():
        own = {held.where: held.texts[part] for held in several if part in held.texts}
        begins = beginning.get(part)
        written = {where: text for where, text in own.items() if not is_begun(part, text, begins)}
        if own:
            first, texts[part] = next(iter((written or own).items()))
            left = [where for where in own if written and where not in written]
            notes += [BEGUN.format(where, called, first) for where in left]
        if len({plain(text) for text in written.values()}) > 1:
            different.append(DIFFERENT.format(" and ".join(written), called))
    if is_begun("code", texts.get("code"), beginning.get("code")):
        for held in (held for held in several if held.spare):
            texts = {part: text for part, text in texts.items() if part != "prose"} | held.spare
            notes.append(FENCED_CODE.format(held.where))
            break
    doubts = [doubt for held in several for doubt in held.unread.items()]
    unread = {
        part: note for part, note in doubts if is_begun(part, texts.get(part), beginning.get(part))
    }
    texts = {part: text for part, text in texts.items() if part not in unread}
    notes += (*unread.values(), *different)
    return Together(texts, notes, (*unread,), " ".join(different))


def plain(text: str) -> str:
    """The text as two of them are compared: blank lines, and blanks at the ends, are nothing."""
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())


def is_python(text: str) -> bool:
    """Whether it is Python that imports or defines anything."""
    if len(text) > LARGEST or not PYTHON.search(text):
        return False
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return any(isinstance(node, DEFINES) for node in tree.body)


def in_words(where: str, text: str, parts: Sequence[str]) -> Held:
    """What a file of words holds, which may be code by another name, or have it in it."""
    if "code" not in parts or not PYTHON.search(text):
        return Held(where, {"prose": text})
    if is_python(text):
        return Held(where, {"code": text}, (AS_CODE.format(where),))
    blocks = [block for block in FENCED.finditer(text) if PYTHON.search(block[1])]
    within = sum(len(block[1]) for block in blocks) <= LARGEST
    blocks = [block for block in blocks if within and is_python(block[1])]
    if len(blocks) != 1:
        return Held(where, {"prose": text}, unread={"code": MIXED.format(where)})
    (block,) = blocks
    rest = text[: block.start()] + text[block.end() :]
    # Its lines keep the numbers that they have in the file.
    spare = {"code": "\n" * text.count("\n", 0, block.start(1)) + block[1]}
    return Held(where, {"prose": text}, spare=spare | ({"prose": rest} if rest.strip() else {}))
