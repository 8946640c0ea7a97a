"""The page of a class: index.html, one file that says how everybody did and where to look."""

import hashlib
from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from workbench.cohort import files
from workbench.cohort.handins import HandIn
from workbench.cohort.ledger import FEEDBACK, Ledger
from workbench.cohort.standings import NOT_JUDGED, Standing
from workbench.feedback import marks, templates
from workbench.feedback.groups import groups
from workbench.feedback.items import Item, Problem, items, problem, tried
from workbench.feedback.similar import Likeness, likeness
from workbench.feedback.texts import Texts

PAGE, ANONYMOUS = "index.html", "anonymous.html"
MOST, BESIDE = 60, 6  # clusters of similar answers, and texts of one that stand side by side


def write(whole: Ledger, alike: Likeness | None = None, anonymous: bool = False) -> Path:
    """The page, without similar answers where they were not looked for; give its path.

    Anonymous: learners are numbered in an order that says nothing, and it lies beside the other.
    """
    called = (
        _numbered(whole)
        if anonymous
        else {learner: whole.called(learner) for learner in whole.by_learner}
    )
    path = whole.root / (ANONYMOUS if anonymous else PAGE)
    text = templates.page("index.html", **_content(whole, alike, called, anonymous))
    with files.turn(whole.root):
        files.write(path, text)
    return path


def looked_for(whole: Ledger, hand_ins: Iterable[HandIn]) -> Likeness:
    """What is alike among the answers that count."""
    texts = Texts(hand_ins)
    counting = (standing for standing in whole.standings if standing.result)
    read = ((standing.learner, standing.problem, texts.answer(standing)) for standing in counting)
    return likeness(entry for entry in read if entry[2] is not None)


def _numbered(whole: Ledger) -> dict[str, str]:
    """learner → Learner 007, by the class's seed: nobody is found by the order of names."""

    def drawn(learner: str) -> str:
        text = f"{whole.settings.seed}/{learner}"
        return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()

    order = sorted(whole.by_learner, key=drawn)
    width = len(str(len(order)))
    return {learner: f"Learner {number:0{width}}" for number, learner in enumerate(order, 1)}


def _content(
    whole: Ledger, alike: Likeness | None, called: Mapping[str, str], anonymous: bool
) -> dict:
    criteria = items(whole.standings)
    folder = whole.root / FEEDBACK
    there = set() if anonymous else {path.name for path in folder.glob("*.html")}
    return {
        "name": "A class",  # and not its folder's: the same results are the same bytes
        "anonymous": anonymous,
        "problems": [_problem(whole, name) for name in whole.problems],
        "unjudged": sum(standing.outcome == NOT_JUDGED for standing in whole.standings),
        "open": sum(marks.kind_of_standing(standing) == marks.OPEN for standing in whole.standings),
        "items": sorted(criteria, key=lambda item: -item.share),
        "groups": groups(whole.standings),
        "columns": criteria,
        "rows": [
            _row(whole, learner, criteria) for learner in sorted(called, key=called.__getitem__)
        ],
        "alike": alike,
        "most": MOST,
        "beside": BESIDE,
        "called": called,
        "pages": {learner: _page(learner, there) for learner in called},
        "signs": marks.SIGNS,
        "words": marks.WORDS,
    }


def _problem(whole: Ledger, name: str) -> Problem:
    own = [standing for standing in whole.standings if standing.problem == name]
    return problem(name, own, map(whole.percent, own))


def _page(learner: str, there: Container[str]) -> str:
    """The address of their feedback, nothing where none is written."""
    name = f"{files.folder_of(learner)}.html"
    return f"{FEEDBACK}/{quote(name)}" if name in there else ""


def _row(whole: Ledger, learner: str, criteria: Iterable[Item]) -> tuple[str, str, list[str]]:
    """(learner, percent of all, what became of each criterion)."""
    own = whole.by_learner[learner]
    kinds = {name: _kinds(standing) for name, standing in own.items()}
    unjudged = {name: marks.kind_of_standing(one) for name, one in own.items() if not one.report}
    cells = [
        kinds.get(item.problem, {}).get(item.id) or unjudged.get(item.problem, marks.ABSENT)
        for item in criteria
    ]
    return learner, whole.total(learner), cells


def _kinds(standing: Standing) -> dict[str, str]:
    """criterion → what became of it; of what could not be read, each is for a person."""
    whole = marks.kind_of_standing(standing)
    if whole == marks.ABSENT:
        return {}
    unread = whole == marks.OPEN and not tried(standing)
    return {
        mark["id"]: marks.OPEN if unread else marks.kind_of(mark) for mark in marks.asked(standing)
    }
