"""Texts of which every sentence stands in a frame: a heading, a colon, a quotation, a mark."""

import re
from collections.abc import Iterator
from pathlib import Path

from said import judged

FRAMED = Path(__file__).parent / "answers/framed"
SENTENCES = {
    "all": [
        "Nodes are tasks and an edge from A to B says that B depends on A.",
        "Every edge goes from one task to another one and not both ways.",
        "If you follow the edges you never get back to the task you started from.",
        "The engine derives the order of execution from the dependencies.",
        "It runs independent tasks at the same time.",
        "After a failure it reruns just the failed task and what depends on it.",
        "Everybody gets the same result from the same pipeline.",
    ],
    "myths": ["A DAG may contain cycles.", "Edges can go both ways."],
}
PLACE = re.compile(r"\{(.*?)(all|myths)(.*?)\}")


def _filled(place: re.Match) -> str:
    """The sentences, each with what stands before and after its name; numbered after `1.`."""
    before, name, after = place.groups()
    items = [f"{before}{sentence}{after}" for sentence in SENTENCES[name]]
    if before[:1] == "1":
        items = [f"{number}{item[1:]}" for number, item in enumerate(items, 1)]
    return ("\n" if before else " ").join(items)


def around(name: str) -> Iterator[tuple[bool, str, str]]:
    """Of each text of a file: whether it is right, what it is called, and the text."""
    for block in (FRAMED / f"{name}.txt").read_text(encoding="utf-8").split("\n== ")[1:]:
        title, _, text = block.partition("\n")
        label, _, title = title.partition(": ")
        yield label == "right", title, PLACE.sub(_filled, text.strip())


def earned(text: str) -> int:
    """How many of the eight criteria it earns."""
    return sum(finding.outcome == "passed" for finding in judged(text).values())
