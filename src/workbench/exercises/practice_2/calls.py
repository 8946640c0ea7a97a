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
# Settings of other programs, of two words each.
FOREIGN = ("learning", "max", "random", "batch", "early"), ("rate", "depth", "state", "limit")
Said = dict[str, dict[str, Any]]  # place → setting → value


@dataclass(frozen=True)
class Call:
    """What each place says, and what has to come of it: the settings at stake, or the names that
    have to be refused, and those that are good and not to be named beside them; loose: variables
    that are none of this program's; path: the file's, from the working folder;
    before: a call that the same program makes first; whole: the path is handed over as one from
    the root."""

    said: Mapping[str, Mapping[str, Any]]
    settings: Mapping[str, Any] | None = None
    refused: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    loose: Mapping[str, str] | None = None
    path: str = USUAL_PATH
    before: "Call | None" = None
    whole: bool = False

    @property
    def given(self) -> dict[str, Any]:
        """The three arguments of the call, as the probe is told them, and what the file says."""
        variables = self.said.get(VARIABLE, {}).items()
        own = {f"PIPELINE_{name.upper()}": str(value) for name, value in variables}
        options = self.said.get(OPTION, {}).items()
        words = [(f"--{name.replace('_', '-')}", str(value)) for name, value in options]
        lines = [_line(*pair) for pair in self.said.get(FILE, {}).items()]
        end = "\n" if self.path == USUAL_PATH else "  # as agreed\n"
        return {
            "path": self.path,
            "file": "".join(line + end for line in lines),
            "environ": {**own, **(self.loose or {})},
            "arguments": [word for pair in words for word in pair],
            "before": self.before and self.before.given,
            "whole": self.whole,
        }


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
        "file": list(_file(drawn)),
        "environment": list(_environment(drawn)),
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
    file, over = ({name: drawn.good(name) for name in NAMES} for _ in range(2))
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
    every = {name: drawn.good(name) for name in NAMES}
    for place in (FILE, OPTION):
        before = Call({place: every}, every, path=drawn.path("last/"))
        yield Call(_with_source(drawn, {}), DEFAULTS, before=before)


def _file(drawn: Drawn) -> Iterator[Call]:
    paths = drawn.path(""), drawn.path("runs/", "yml"), drawn.path("conf/of/")
    for name, path in zip(NAMES, paths, strict=True):
        value = drawn.address() if name == SOURCE else drawn.good(name)
        call = _stands(drawn, name, value, file=value)
        yield replace(call, path=path, whole=name == SHARE)
    every = {name: drawn.good(name) for name in NAMES}
    yield Call({FILE: every}, every, path=drawn.path("conf/"))


def _environment(drawn: Drawn) -> Iterator[Call]:
    for name in NAMES:
        value, below = drawn.good(name), drawn.good(name)
        yield _stands(drawn, name, value, file=below, variable=value)
        yield _stands(drawn, name, value, variable=value)
        yield _stands(drawn, name, below, file=below, variable="")
        said = {FILE: {name: below}}
        loose = {name.upper(): str(value)}
        yield Call(_with_source(drawn, said), {name: below}, loose=loose)
        yield _one_over_the_file(drawn, VARIABLE, name)
    yield _stands(drawn, SOURCE, "007", variable="007")  # a text, whatever it looks like


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
    yield _stands(drawn, SOURCE, "2024", option="2024")


def _refused(drawn: Drawn, draw: random.Random) -> Iterator[Call]:
    yield from _accepted(drawn)
    for name, value in (TREES, 1), (TREES, drawn.many()), (SHARE, 0.001), (SHARE, 0.999):
        yield _stands(drawn, name, value, file=value)
    for place in PLACES:
        for name, value in drawn.bad():
            yield _bad(drawn, {place: {name: value}}, name)
    for place in (VARIABLE, OPTION):  # as a text: of a number without end many rightly expect none
        yield _bad(drawn, {place: {TREES: math.inf}}, TREES)
    for place in PLACES:
        name = draw.choice((TREES, SHARE))
        file = {SHARE: drawn.good(SHARE)}  # so that it is not empty
        yield Call({FILE: file} | {place: {name: drawn.good(name)}}, refused=(SOURCE,))


def _unknown(drawn: Drawn, draw: random.Random) -> Iterator[Call]:
    # Which names there are may be told here, as where the source is missing: none are spared.
    yield from _accepted(drawn)
    for name in NAMES:
        said = {FILE: {drawn.misspelt(name): drawn.good(name)}}
        yield Call(_with_source(drawn, said), refused=tuple(said[FILE]))
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
