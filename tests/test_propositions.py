"""Each proposition holds of the one sentence beside it and not of the other."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from workbench.exercises.problem_1.judge import SOUND
from workbench.exercises.registry import find
from workbench.prose import vocabulary
from workbench.prose.patterns import line_of
from workbench.prose.propositions import matches
from workbench.prose.reading import read

HERE = Path(__file__).parent
EXAMPLES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in (HERE / "prose").glob("*.toml")
}
PROPOSITIONS = vocabulary.english().propositions
CRITERIA = {criterion.id: criterion.subjects for criterion in find("problem_1").criteria}
CRITERIA.pop(SOUND)
LETTERS = dict(zip("DANOPRS", CRITERIA, strict=True))


def holds(proposition, text):
    return any(
        proposition.holds(line_of(clause.concepts), line_of(clause.context), clause.denied)
        for clause in read(text).clauses
    )


@pytest.mark.parametrize("subject", sorted(EXAMPLES))
def test_every_proposition_has_a_sentence_that_says_it_and_one_that_does_not(subject):
    examples = EXAMPLES[subject]
    for proposition in PROPOSITIONS:
        if proposition.subject == subject:
            example = examples[proposition.kind].pop(proposition.source)
            assert holds(proposition, example["says"]), (proposition.source, example["says"])
            assert not holds(proposition, example["not"]), (proposition.source, example["not"])
    assert not any(examples.values()), "sentences of propositions that are gone"


def test_every_subject_has_examples():
    assert {proposition.subject for proposition in PROPOSITIONS} == set(EXAMPLES)


def test_a_proposition_stands_on_one_line_of_at_most_100_columns():
    for path in vocabulary.TABLES.rglob("*.*"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert len(line) <= 100, (path.name, line)
    sources = Counter((each.subject, each.kind, each.source) for each in PROPOSITIONS)
    assert max(sources.values()) == 1


def test_every_named_set_is_used():
    tables = {path: path.read_text(encoding="utf-8") for path in vocabulary.TABLES.rglob("*.toml")}
    used = {name for text in tables.values() for name in re.findall(r"\$([A-Z_]+)", text)}
    assert set(tomllib.loads(tables[vocabulary.TABLES / "named.toml"])) == used


def test_labelled_clauses_hold():
    """Clauses, labelled with the criteria they assert (capital) or contradict (small letter)."""
    lines = [
        line.split(" | ", 1)
        for line in (HERE / "answers/problem_1/clauses.txt")
        .read_text(encoding="utf-8")
        .splitlines()
    ]
    wrong = Counter()
    for labels, text in lines:
        reading = read(text)
        for letter, criterion in LETTERS.items():
            parts = CRITERIA[criterion]
            contradicted = any(matches(reading, part, "wrong") for part in parts)
            asserted = not contradicted and all(matches(reading, part, "credit") for part in parts)
            wrong[letter] += (letter in labels) != asserted
            wrong[letter.lower()] += (letter.lower() in labels) != contradicted
    print(dict(wrong))
    assert len(lines) > 400
    assert wrong.total() <= 0.01 * len(lines) * 2 * len(LETTERS)
