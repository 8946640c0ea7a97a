"""Problem 1: what a DAG is and why it matters, judged by what the answer asserts."""

import itertools
import re

from workbench.prose.propositions import (
    FAILED,
    FOREIGN,
    NEEDS_REVIEW,
    PASSED,
    Finding,
    find,
    matches,
)
from workbench.prose.reading import Clause, Reading, read

# criterion: (title, the subjects that it takes, all of them, and the next thought)
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
# When so many criteria are understood, a sentence of so many words is not just passed over.
UNDERSTOOD, UNREAD = 3, 7
# a sentence that sets a scene and claims nothing
ASIDE = re.compile(r"(?:i|picture|imagine|think|compare|consider)\b|.*\bimportan|.*:$", re.I)


def judge_problem_1(text: str) -> dict[str, Finding]:
    """What was found for every criterion of problem 1, `sound` last."""
    reading = read(text)
    findings, contradictions = {}, {}
    for criterion, (_, subjects, thought) in CRITERIA.items():
        findings[criterion], contradictions[criterion] = find(reading, subjects, thought)
    wrong = matches(reading, "sound", "wrong")
    for criterion, clauses in contradictions.items():
        if findings[criterion].outcome == FAILED:
            wrong += clauses
    earned = {
        clause
        for _, subjects, _ in CRITERIA.values()
        for subject in subjects
        for clause in matches(reading, subject, "credit")
    }
    doubted = [clause for clauses in contradictions.values() for clause in clauses]
    doubted += [clause for clause in matches(reading, "sound", "suspect") if clause not in earned]
    understood = sum(finding.outcome == PASSED for finding in findings.values())
    if not wrong and understood >= UNDERSTOOD and (unread := _unread(reading, earned)):
        for criterion, (_, _, thought) in CRITERIA.items():
            findings[criterion] = _reviewed(findings[criterion], unread, thought)
    return findings | {"sound": _sound(reading, wrong, doubted)}


def _sound(reading: Reading, wrong: list[Clause], doubted: list[Clause]) -> Finding:
    """Whether anything that was said goes against what a DAG is."""
    if reading.language == "other":
        return Finding(NEEDS_REVIEW, FOREIGN)
    if wrong:
        quote = wrong[0].sentence
        feedback = f"“{quote}” is not so. Which property of a DAG does it go against?"
        return Finding(FAILED, feedback, quote)
    if doubted:
        quote = doubted[0].sentence
        feedback = f"“{quote}” leaves open whether it fits a DAG. Can you say it more plainly?"
        return Finding(NEEDS_REVIEW, feedback, quote)
    return Finding(PASSED, "Nothing in it contradicts what a DAG is.")


def _unread(reading: Reading, earned: set[Clause]) -> str:
    """A sentence that earned nothing, after others that did: the judge may have missed it."""
    sentences = list(dict.fromkeys(clause.sentence for clause in reading.clauses))
    read_well = {clause.sentence for clause in earned}
    for sentence in itertools.dropwhile(lambda sentence: sentence not in read_well, sentences):
        claims = len(sentence.split()) >= UNREAD and not ASIDE.match(sentence)
        if claims and sentence not in read_well:
            return sentence
    return ""


def _reviewed(finding: Finding, unread: str, thought: str) -> Finding:
    """The finding, or needs_review where the only reason to fail is that nothing was found."""
    if finding.outcome != FAILED or finding.quote:
        return finding
    feedback = f"The judge does not understand “{unread}”, which may say it. {thought}"
    return Finding(NEEDS_REVIEW, feedback, unread)
