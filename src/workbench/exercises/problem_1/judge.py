"""Problem 1: what a DAG is and why it matters, judged criterion by criterion by what the answer asserts."""

import itertools
import re

from workbench.prose.reading import (
    FAILED,
    NEEDS_REVIEW,
    PASSED,
    Clause,
    Reading,
    Verdict,
    judge,
    matches,
    read,
)

# criterion: (title, the propositions that it takes, all of them, and the next thought when they are missing)
CRITERIA = {
    "directed": (
        "Edges have a direction",
        ("directed",),
        "Where does an edge begin, where does it end, and may you swap the two?",
    ),
    "acyclic": (
        "No way back to the same task",
        ("acyclic",),
        "Follow the edges from any task: what can never happen?",
    ),
    "nodes_edges": (
        "Nodes are tasks, edges are dependencies",
        ("nodes", "edges"),
        "What is a node, and what is an edge, in an ML pipeline?",
    ),
    "order": (
        "The order follows from the dependencies",
        ("order",),
        "How does a scheduler know what to run first?",
    ),
    "parallel": (
        "Unrelated tasks may run at once",
        ("parallel",),
        "What may happen to two tasks that do not need each other?",
    ),
    "rerun": (
        "After a failure only a part is rerun",
        ("rerun",),
        "Training fails: which tasks have to run again, and which do not?",
    ),
    "reproducible_or_scalable": (
        "Runs can be repeated, or large workflows stay manageable",
        ("reproducible_or_scalable",),
        "What do you gain when the same DAG runs again, or when it grows?",
    ),
}
SOUND = "No serious misconception"
# An answer that is understood in so many criteria deserves that a sentence of so many words is not just passed over.
UNDERSTOOD, UNREAD = 3, 7
ASIDE = re.compile(
    r"(?:i|picture|imagine|think|compare|consider)\b|.*\bimportan|.*:$", re.I
)  # sets a scene, claims nothing


def judge_problem_1(text: str) -> tuple[Verdict, ...]:
    """A verdict for every criterion of problem 1, `sound` last."""
    reading = read(text)
    judged = [
        judge(reading, criterion, parts, thought)
        for criterion, (_, parts, thought) in CRITERIA.items()
    ]
    wrong = matches(reading, "sound", "wrong") + [
        c for verdict, found in judged if verdict.outcome == FAILED for c in found
    ]
    earned = {
        c
        for _, parts, _ in CRITERIA.values()
        for part in parts
        for c in matches(reading, part, "credit")
    }
    doubted = [clause for _, found in judged for clause in found]
    doubted += [clause for clause in matches(reading, "sound", "suspect") if clause not in earned]
    sound = Verdict("sound", PASSED, "Nothing in it contradicts what a DAG is.")
    if reading.language == "other":
        sound = Verdict("sound", NEEDS_REVIEW, judged[0][0].feedback)
    elif wrong:
        quote = wrong[0].sentence
        sound = Verdict(
            "sound",
            FAILED,
            f"“{quote}” is not so. Which property of a DAG does it go against?",
            quote,
        )
    elif doubted:
        quote = doubted[0].sentence
        sound = Verdict(
            "sound",
            NEEDS_REVIEW,
            f"“{quote}” leaves open whether it fits a DAG. Can you say it more plainly?",
            quote,
        )
    verdicts = [verdict for verdict, _ in judged]
    if not wrong and sum(verdict.outcome == PASSED for verdict in verdicts) >= UNDERSTOOD:
        unread = _unread(reading, earned)
        verdicts = [_reviewed(verdict, unread) for verdict in verdicts]
    return (*verdicts, sound)


def _unread(reading: Reading, earned: set[Clause]) -> str:
    """A sentence that earned nothing, after others that did: the judge may have missed what it says."""
    sentences = list(dict.fromkeys(clause.sentence for clause in reading.clauses))
    read_well = {clause.sentence for clause in earned}
    later = itertools.dropwhile(lambda sentence: sentence not in read_well, sentences)
    long_enough = (
        sentence
        for sentence in later
        if len(sentence.split()) >= UNREAD and not ASIDE.match(sentence)
    )
    return next((sentence for sentence in long_enough if sentence not in read_well), "")


def _reviewed(verdict: Verdict, unread: str) -> Verdict:
    """The verdict, or needs_review where the only reason to fail is that nothing was found."""
    if verdict.outcome != FAILED or verdict.quote or not unread:
        return verdict
    thought = CRITERIA[verdict.criterion][2]
    return Verdict(
        verdict.criterion,
        NEEDS_REVIEW,
        f"The judge does not understand “{unread}”, which may say it. {thought}",
        unread,
    )
