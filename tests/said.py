"""What the judge of problem 1 finds in a text."""

from workbench.exercises.problem_1.judge import findings
from workbench.exercises.registry import find

PROBLEM_1 = find("problem_1")
NEXT_FOUR = {"order", "parallel", "rerun", "reproducible_or_scalable"}
LETTERS = dict(zip("DANOPRS", (each.id for each in PROBLEM_1.criteria), strict=False))
FULL = (
    "Nodes are tasks and edges are dependencies, each pointing from one task to the next. "
    "There are no cycles. "
    "The scheduler derives the order from the edges. Independent tasks run in parallel. "
    "After a failure only the failed task is rerun. "
)


def judged(text):
    return findings(PROBLEM_1, text)


def outcomes(text):
    return {criterion: finding.outcome for criterion, finding in judged(text).items()}


def passes(text):
    passed = {criterion for criterion, outcome in outcomes(text).items() if outcome == "passed"}
    return {"directed", "acyclic", "nodes_edges", "sound"} <= passed and len(
        NEXT_FOUR & passed
    ) >= 2
