"""CPU seconds to judge 10,000 characters: ordinary answers, and texts made up to take long."""

import json
import random
import time
from pathlib import Path

from workbench.exercises.problem_1.judge import findings
from workbench.exercises.registry import find
from workbench.prose.patterns import line_of
from workbench.prose.vocabulary import english

ROOT = Path(__file__).parent.parent
CHARACTERS, BOUND = 10_000, 0.5
PROBLEM_1 = find("problem_1")
DICE = random.Random(7)


def cpu_seconds(text: str) -> float:
    """CPU seconds of a first judgement: nothing is remembered of other texts."""
    english.cache_clear()
    line_of.cache_clear()
    english()
    begun = time.process_time()
    findings(PROBLEM_1, text[:CHARACTERS])
    return time.process_time() - begun


def slip(word: str) -> str:
    """The word with a letter doubled and one lost."""
    at = DICE.randrange(len(word))
    return word[:at] + word[at : at + 1] + word[at:-1]


def texts() -> dict[str, str]:
    """What is judged, by name."""
    answers = json.loads((ROOT / "tests/answers/problem_1/answers.json").read_text())
    ordinary = " ".join(answer["text"] for answer in answers)
    words = sorted(english().concept)
    long_words = [word for word in words if len(word) > 7]
    sentence = "important state forgot whatever target met . done against makes create true "
    return {
        "answers": ordinary,
        "answers, a line each": ordinary.replace(". ", ".\n"),
        "slips of long words": " ".join(slip(DICE.choice(long_words)) for _ in range(1_200)),
        "words of the vocabulary": " ".join(DICE.choice(words) for _ in range(2_000)),
        "one sentence again and again": sentence * 150,
        "short sentences": "It is not so. No. " * 600,
        "one long word": "The node is a task and the edge " + "a" * CHARACTERS,
    }


if __name__ == "__main__":
    seconds = {name: cpu_seconds(text) for name, text in texts().items()}
    for name, taken in seconds.items():
        print(f"{name:32} {taken:6.3f} s CPU for {CHARACTERS:,} characters")
    assert max(seconds.values()) <= BOUND, f"more than {BOUND} s"
