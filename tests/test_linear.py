"""No text that an answer words holds its judge up: what a pattern takes grows as the text does, or
it is tried at the begin of one alone, or in one that is cut."""

import ast
import importlib
import re
import time
from re import _compiler, _constants, _parser

import pytest
from shape import SOURCE

from workbench.exercises.report import LONGEST_FEEDBACK
from workbench.exercises.verdict import from_elsewhere

MODULES = {
    name: path.read_text()
    for room in ("exercises", "sandbox")
    for path in sorted((SOURCE / room).rglob("*.py"))
    if "import re\n" in path.read_text() and path.stem != "probe"
    for name in [".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)]
}
# Names of patterns that are matched, not searched; and of those whose texts are cut.
AT_THE_BEGIN = {"MAGIC", "ABOVE", "OTHER_MAGIC", "CODING", "ANSWER", "MARKS"}
IN_A_LINE = {"MEANINGS", "TARGET"}  # that an answer's own process reads, for its own time
LINES = {"MAGIC", "ABOVE"}  # that are tried at one line
CUT = {"BY_MISTAKE": LONGEST_FEEDBACK, "BY_SOURCE": LONGEST_FEEDBACK}
IN_PLACE = {f"re.{name}" for name in ("search", "sub", "split", "findall", "finditer")}
LONG, MOST = 100_000, 0.25  # signs; seconds of CPU, where most take a hundredth of it
SIGNS = " \n\t.,-_a1A#'\"`=!(:%*<é"
REPEATS = {_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT}


def of(value):
    """The patterns in a module's value, whether compiled or not, however deep."""
    if isinstance(value, re.Pattern):
        yield from [value] * any(sign in str(value.pattern) for sign in "*+")
    elif isinstance(value, str) and any(sign in value for sign in "*+"):
        try:
            yield re.compile(value)
        except re.error:
            return
    elif isinstance(value, dict | tuple):
        for part in [*value, *(value.values() if isinstance(value, dict) else ())]:
            yield from of(part)


def patterns():
    """(module, name, pattern) of all; those that stand in a call have the name of none."""
    for module, text in MODULES.items():
        values = vars(importlib.import_module(module))
        named = [(name, value) for name, value in values.items() if name.isupper()]
        calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
        calls = [call for call in calls if ast.unparse(call.func) in IN_PLACE]
        first = [call.args[0] for call in calls if call.args]
        inline = [("", node.value) for node in first if isinstance(node, ast.Constant)]
        for name, value in named + inline:
            if name not in IN_A_LINE:
                yield from ((module, name, pattern) for pattern in of(value))


def begins(tree):
    """Texts that a pattern matches, and those with which it begins to: what it is tried at."""
    whole, begun = [""], set()
    for kind, value in tree:
        inner = {
            _constants.SUBPATTERN: lambda value: [value[3]],
            _constants.ATOMIC_GROUP: lambda value: [value],
            _constants.BRANCH: lambda value: value[1],
            **dict.fromkeys(REPEATS, lambda value: [value[2]]),
        }.get(kind, lambda _: [])(value)
        parts = [begins(part) for part in inner]
        begun |= {before + text for before in whole[:3] for _, texts in parts for text in texts}
        matched = [text for texts, _ in parts for text in texts] or signs(kind, value)
        if kind in REPEATS:
            matched = ["" if value[0] == 0 else text * value[0] for text in matched] + matched
        whole = list(dict.fromkeys(text + part for text in whole for part in matched))[:24]
        begun |= set(whole)
    return whole, begun


def signs(kind, value):
    """Some of the signs that an item stands for which has no others in it; nothing, for a place."""
    if kind is _constants.LITERAL:
        return [chr(value)]
    if kind is not _constants.IN:
        return ["a", " "] if kind in (_constants.NOT_LITERAL, _constants.ANY) else [""]
    listed = [chr(own) for item, own in value if item is _constants.LITERAL]
    alone = _parser.SubPattern(_parser.State(), [(kind, value)])
    matches = _compiler.compile(alone).match
    return [sign for sign in [*listed[:2], *SIGNS] if matches(sign)][:4] or [""]


def texts_of(pattern):
    """Long texts of what the pattern is tried at, again and again, at whose end it is not there."""
    begun = begins(_parser.parse(pattern.pattern, pattern.flags))[1]
    for text in sorted({*filter(None, begun), *" \na1"}, key=lambda text: (len(text), text))[:16]:
        for unit in {text, f"{text} "}:
            long = unit * (LONG // len(unit)) + "\0"
            yield long.encode() if isinstance(pattern.pattern, bytes) else long


def seconds(search, text):
    began = time.process_time()
    search(text)
    return time.process_time() - began


PATTERNS = sorted(set(patterns()), key=str)


@pytest.mark.parametrize(
    ("module", "name", "pattern"),
    PATTERNS,
    ids=[f"{module}:{name or pattern.pattern[:30]}" for module, name, pattern in PATTERNS],
)
def test_a_pattern_takes_no_square_of_a_texts_length(module, name, pattern):
    search = pattern.match if name in AT_THE_BEGIN else pattern.search
    cut = CUT.get(name, LONG)
    assert name not in AT_THE_BEGIN or f"{name}.search(" not in MODULES[module]
    texts = (text.replace("\n", " ") if name in LINES else text for text in texts_of(pattern))
    slow = [text[:40] for text in texts if seconds(search, text[:cut]) > MOST]
    assert not slow


def test_the_square_of_a_length_would_be_seen():
    for source in ("A: .*left", r"(?m)^\s*[%!]", r"stop\w* try"):
        search = re.compile(source).search
        assert any(
            seconds(search, text[:20_000]) > MOST / 25 for text in texts_of(re.compile(source))
        )


def test_what_is_from_elsewhere_is_told_at_once():
    for phrase in ("cannot import ", "No module named workbenc", "NameError: name '"):
        assert seconds(from_elsewhere, phrase * 70_000) < 5  # of CPU
    assert from_elsewhere("Error: cannot import x, cannot import draw from workbench.course")
    assert not from_elsewhere("cannot import x\nfrom workbench.course")
