"""The calls of `load_settings`: each setting in each place, each place over each before it, and
each way in which a value can be bad; all values are drawn."""

import json
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import cycle, product
from typing import Any

FILE, VARIABLE, OPTION = PLACES = ("file", "variable", "option")
SOURCE, TREES, SHARE = NAMES = ("data_source", "n_estimators", "test_size")
DEFAULTS = {TREES: 100, SHARE: 0.2}
USUAL_PATH = "config.yaml"
HEADS = "---\n", "# as agreed: nightly\n", "\n"  # of files; they set nothing
# Settings of other programs, of two words each.
FOREIGN = ("learning", "max", "random", "batch", "early"), ("rate", "depth", "state", "limit")
OTHERS = "MY_", "OLD_", "APP_", "OTHER_"  # that begin variables of other programs
Said = dict[str, dict[str, Any]]  # place → setting → value


@dataclass(frozen=True)
class Call:
    """What each place says, and what has to come of it: the settings at stake, or the names that
    have to be refused, and those that are good and not to be named beside them; loose: variables
    that are none of this program's; path: the file's, from the working folder;
    before: a call that the same program makes first; whole: the path is handed over as one from
    the root; head: lines that come first in the file, whose texts then are in single quotes;
    around, typed: what the process's own variables and words say, which are not handed over;
    leans: it can only be right where each place overrides those before it, as others ask."""

    said: Mapping[str, Mapping[str, Any]]
    settings: Mapping[str, Any] | None = None
    refused: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    loose: Mapping[str, str] | None = None
    path: str = USUAL_PATH
    before: "Call | None" = None
    whole: bool = False
    head: str = ""
    around: Mapping[str, Any] | None = None
    typed: Mapping[str, Any] | None = None
    leans: bool = False

    @property
    def given(self) -> dict[str, Any]:
        """The three arguments of the call, as the probe is told them, and what the file says."""
        lines = [_line(*pair) for pair in self.said.get(FILE, {}).items()]
        lines = [line.replace('"', "'") for line in lines] if self.head else lines
        end = "\n" if self.path == USUAL_PATH else "  # as agreed\n"
        return {
            "path": self.path,
            "file": self.head + "".join(line + end for line in lines),
            "environ": _variables(self.said.get(VARIABLE, {})) | (self.loose or {}),
            "arguments": _options(self.said.get(OPTION, {})),
            "before": self.before and self.before.given,
            "whole": self.whole,
            "around": _variables(self.around or {}),
            "typed": _options(self.typed or {}),
        }


def _variables(settings: Mapping[str, Any]) -> dict[str, str]:
    return {f"PIPELINE_{name.upper()}": str(value) for name, value in settings.items()}


def _options(settings: Mapping[str, Any]) -> list[str]:
    words = [(f"--{name.replace('_', '-')}", str(value)) for name, value in settings.items()]
    return [word for pair in words for word in pair]


def _line(name: str, value: Any) -> str:
    # JSON is YAML, and nobody's number is taken for something else on the way; but not these two.
    odd = isinstance(value, float) and not math.isfinite(value)
    return f"{name}: {f'.{value}' if odd else json.dumps(value)}"


class Drawn:
    """Values that no other call has, good and bad."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        shares = [number / 1000 for number in range(1, 1000) if number != 200]
        words = [f"{word}-{n}.csv" for word in ("Sales", "visitS", "Claims") for n in range(10, 60)]
        fresh = {SOURCE: words, TREES: [*range(2, 100), *range(101, 500)], SHARE: shares}
        self._fresh = {name: cycle(draw.sample(values, 90)) for name, values in fresh.items()}

    def good(self, name: str) -> Any:
        """A value that is allowed, and is not the default."""
        return next(self._fresh[name])

    def every(self) -> dict[str, Any]:
        """Such a value for each setting."""
        return {name: self.good(name) for name in NAMES}

    def many(self) -> int:
        """As many trees as anybody ever wants."""
        return self._draw.randint(2_000, 20_000)

    def word(self) -> str:
        """A text that is no number."""
        return self._draw.choice(("many", "several", "lots", "half"))

    def address(self) -> str:
        """A source with signs that end a value in YAML, where they are not in quotes."""
        bucket = self._draw.choice(("sales", "visits", "claims"))
        return f"s3://{bucket}/part#{self._draw.randint(10, 99)}.csv"

    def path(self, folder: str, end: str = "yaml") -> str:
        """A file below this folder, which is not called as is usual."""
        name = self._draw.choice(("nightly", "training", "production", "trial"))
        return f"{folder}{name}-{self._draw.randint(10, 99)}.{end}"

    def bad(self) -> Iterator[tuple[str, Any]]:
        """A setting with each kind of value that it must not have."""
        trees, behind = self.good(TREES), self._draw.choice((" trees", "abc", "x", " or so"))
        for value in (0, -trees, trees + 0.5, self.word(), f"{trees}{behind}"):
            yield TREES, value
        share = self.good(SHARE)
        beyond = (0, 1, -share, 1 + share, self._draw.randint(2, 9))
        for value in (*beyond, math.inf, math.nan, self.word(), f"{share}{behind}"):
            yield SHARE, value

    def misspelt(self, name: str) -> str:
        """The name with one letter lost, doubled or out of order; the last one stays."""
        at = self._draw.randrange(2, len(name) - 2)
        first, second, rest = name[:at], name[at], name[at + 1 :]
        swapped = f"{first[:-1]}{second}{first[-1]}{rest}"
        lost, doubled = f"{first}{rest}", f"{first}{second}{second}{rest}"
        return self._draw.choice([one for one in (swapped, lost, doubled) if one != name])


def planned(draw: random.Random) -> dict[str, list[Call]]:
    """The calls of each criterion."""
    drawn = Drawn(draw)
    return {
        "defaults": list(_defaults(drawn, draw)),
        "file": list(_file(drawn, draw)),
        "environment": list(_environment(drawn, draw)),
        "command_line": list(_command_line(drawn, draw)),
        "refuses": list(_refused(drawn, draw)),
        "unknown": list(_unknown(drawn, draw)),
        "all_at_once": list(_all_at_once(drawn, draw)),
    }


def _with_source(drawn: Drawn, said: Said) -> Said:
    """The same, with a source in the file where nobody gives one, and no empty file."""
    file = said.get(FILE, {})
    if not any(settings.get(SOURCE) for settings in said.values()):
        file = {SOURCE: drawn.good(SOURCE)} | file
    return said | {FILE: file or {SHARE: drawn.good(SHARE)}}


def _stands(drawn: Drawn, name: str, value: Any, **places: Any) -> Call:
    """That this value stands where these places say that of the setting."""
    said = {place: {name: told} for place, told in places.items()}
    return Call(_with_source(drawn, said), {name: value})


def _one_over_the_file(drawn: Drawn, place: str, name: str) -> Call:
    """That one setting of this place leaves the file's others alone."""
    file, over = drawn.every(), drawn.every()
    return Call({FILE: file, place: {name: over[name]}}, file | {name: over[name]})


def _accepted(drawn: Drawn) -> Iterator[Call]:
    """That nothing is refused where each place says what is good."""
    for place in PLACES:
        said = {place: {name: drawn.good(name) for name in (TREES, SHARE)}}
        yield Call(_with_source(drawn, said), {})


def _bad(drawn: Drawn, said: Said, *names: str) -> Call:
    """That these settings are refused, and no others."""
    spared = tuple(name for name in NAMES if name not in names)
    return Call(_with_source(drawn, said), refused=names, spared=spared)


def _defaults(drawn: Drawn, draw: random.Random) -> Iterator[Call]:
    yield Call(_with_source(drawn, {}), DEFAULTS)
    for name, other in ((TREES, SHARE), (SHARE, TREES)):
        said = {draw.choice(PLACES): {other: drawn.good(other)}}
        yield Call(_with_source(drawn, said), {name: DEFAULTS[name]})
    every = drawn.every()
    good = [{place: every} for place in PLACES]
    bad = {draw.choice(PLACES): every | {TREES: 0}}  # what is refused leaves nothing, either
    for said in (*good, bad):
        before = Call(said, every, path=drawn.path("last/"))
        yield Call(_with_source(drawn, {}), DEFAULTS, before=before)


def _kept(drawn: Drawn, place: str) -> Call:
    """That a call which has to refuse something in this place leaves that as it was."""
    return _bad(drawn, {place: {TREES: -drawn.good(TREES)}}, TREES)


def _file(drawn: Drawn, draw: random.Random) -> Iterator[Call]:
    paths = drawn.path(""), drawn.path("runs/", "yml"), drawn.path("conf/of/")
    for name, path in zip(NAMES, paths, strict=True):
        value = drawn.address() if name == SOURCE else drawn.good(name)
        call = _stands(drawn, name, value, file=value)
        yield replace(call, path=path, whole=name == SHARE)
    for head in ("", "".join(draw.sample(HEADS[1:], 2)), HEADS[0]):
        every, path = drawn.every(), drawn.path("conf/")
        before = None if head else Call({FILE: drawn.every()}, path=path)  # it is changed, then
        yield Call({FILE: every}, every, path=path, head=head, before=before)
    yield _kept(drawn, FILE)


def _environment(drawn: Drawn, draw: random.Random) -> Iterator[Call]:
    for name in NAMES:
        value, below = drawn.good(name), drawn.good(name)
        yield _stands(drawn, name, value, file=below, variable=value)
        yield _stands(drawn, name, value, variable=value)
        yield _stands(drawn, name, below, file=below, variable="")
        said = {FILE: {name: below}}
        loose = {f"{front}{name.upper()}": str(value) for front in ("", draw.choice(OTHERS))}
        yield Call(_with_source(drawn, said), {name: below}, loose=loose)
        yield _one_over_the_file(drawn, VARIABLE, name)
    for name in DEFAULTS:
        yield Call(_with_source(drawn, {VARIABLE: {name: ""}}), {})
    yield _stands(drawn, SOURCE, "007", variable="007")  # a text, whatever it looks like
    every = drawn.every()
    yield Call({FILE: every}, every, around=drawn.every())
    yield _kept(drawn, VARIABLE)


def _command_line(drawn: Drawn, draw: random.Random) -> Iterator[Call]:
    for name in NAMES:
        value, variable, below = (drawn.good(name) for _ in range(3))
        yield _stands(drawn, name, value, file=below, variable=variable, option=value)
        yield _stands(drawn, name, value, variable=variable, option=value)
        yield _stands(drawn, name, value, file=below, option=value)
        yield _stands(drawn, name, value, option=value)
        yield _one_over_the_file(drawn, OPTION, name)
    every = {name: drawn.good(name) for name in draw.sample(NAMES, 3)}
    yield Call({OPTION: every}, every)  # and the file is empty
    yield _stands(drawn, SOURCE, "1_000", option="1_000")
    every = drawn.every()
    yield Call({FILE: every}, every, typed=drawn.every())
    yield _kept(drawn, OPTION)


def _refused(drawn: Drawn, draw: random.Random) -> Iterator[Call]:
    yield from _accepted(drawn)
    for name, value in (TREES, 1), (TREES, drawn.many()), (SHARE, 0.001), (SHARE, 0.999):
        yield _stands(drawn, name, value, file=value)
    for place in PLACES:
        for name, value in drawn.bad():
            below = draw.choice(PLACES[: PLACES.index(place)] or ("",))  # it hides nothing bad
            said = {below: {name: drawn.good(name)}} if below and draw.random() < 0.5 else {}
            yield replace(_bad(drawn, said | {place: {name: value}}, name), leans=bool(said))
    for place in (VARIABLE, OPTION):  # as a text: of a number without end many rightly expect none
        yield _bad(drawn, {place: {TREES: math.inf}}, TREES)
    for place in PLACES:
        name = draw.choice((TREES, SHARE))
        file = {SHARE: drawn.good(SHARE)}  # so that it is not empty
        said = {FILE: file} | {place: {name: drawn.good(name)}}
        empty = place == VARIABLE
        said[place] |= {SOURCE: ""} if empty else {}
        yield Call(said, refused=(SOURCE,), leans=empty)


def _unknown(drawn: Drawn, draw: random.Random) -> Iterator[Call]:
    # Which names there are may be told here, as where the source is missing: none are spared.
    yield from _accepted(drawn)
    for name, place in zip(NAMES, draw.sample(PLACES, 3), strict=True):
        wrong = drawn.misspelt(name)
        said = {place: drawn.every()}  # whoever else has spoken
        said[FILE] = {wrong: said[place].pop(name)} | said.get(FILE, {})
        yield Call(_with_source(drawn, said), refused=(wrong,))
    name = "_".join(map(draw.choice, FOREIGN))
    yield Call(_with_source(drawn, {FILE: {name: draw.randint(1, 9)}}), refused=(name,))


def _all_at_once(drawn: Drawn, draw: random.Random) -> Iterator[Call]:
    yield from _accepted(drawn)
    trees, share = (0, drawn.word()), (draw.randint(2, 9), drawn.word())
    for name, other, value in ((TREES, SHARE, trees[0]), (SHARE, TREES, share[0])):
        yield _bad(drawn, {draw.choice(PLACES): {name: value, other: drawn.good(other)}}, name)
    kinds = cycle(draw.sample(list(product(trees, share)), 4))
    for first, second in product(PLACES, PLACES):
        few, part = next(kinds)
        said = {first: {TREES: few}}
        said[second] = said.get(second, {}) | {SHARE: part}
        yield _bad(drawn, said, TREES, SHARE)
