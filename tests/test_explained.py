"""The explanations of problems 2 and 3: agreement with labels, no false pass."""

import json
from pathlib import Path

import pytest

from workbench.exercises import registry
from workbench.prose.propositions import find
from workbench.prose.reading import read

ANSWERS = Path(__file__).parent / "answers/explained/answers.json"


@pytest.mark.parametrize("problem", ["problem_2", "problem_3"])
def test_explanations(problem):
    (criterion,) = (each for each in registry.find(problem).criteria if each.part == "prose")
    explained = criterion.subjects, criterion.thought
    examples = json.loads(ANSWERS.read_text(encoding="utf-8"))[problem]
    judged = [(example, find(read(example["text"]), *explained)[0].outcome) for example in examples]
    decided = [(example, outcome) for example, outcome in judged if outcome != "needs_review"]
    wrong = [
        example
        for example, outcome in decided
        if outcome != example["expected"].replace("not passed", "failed")
    ]
    assert [
        example["text"] for example in wrong if example["expected"] != "passed"
    ] == []  # no false pass
    assert len(decided) >= 0.85 * len(judged)
    assert len(wrong) <= 0.05 * len(decided), wrong
