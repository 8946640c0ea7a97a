"""The explanations of problems 2 and 3: agreement with labels, no false pass."""

import json
from pathlib import Path

import pytest

from workbench.exercises.problem_2.judge import EXPLAINED as MISTAKES
from workbench.exercises.problem_3.judge import EXPLAINED as IDEMPOTENCY
from workbench.prose.propositions import find
from workbench.prose.reading import read

ANSWERS = Path(__file__).parent / "answers/explained/answers.json"


@pytest.mark.parametrize(
    ("problem", "explained"), [("problem_2", MISTAKES), ("problem_3", IDEMPOTENCY)]
)
def test_explanations(problem, explained):
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
