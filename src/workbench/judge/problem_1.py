"""Problem 1: what a DAG is and why it matters, judged criterion by criterion by what the answer asserts."""

from workbench.judge.prose import FAILED, NEEDS_REVIEW, PASSED, Verdict, judge, matches, read

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


def judge_problem_1(text: str) -> tuple[Verdict, ...]:
    """A verdict for every criterion of problem 1, `sound` last."""
    reading = read(text)
    judged = [judge(reading, criterion, parts, thought) for criterion, (_, parts, thought) in CRITERIA.items()]
    wrong = matches(reading, "sound", "wrong") + [
        c for verdict, found in judged if verdict.outcome == FAILED for c in found
    ]
    earned = {c for _, parts, _ in CRITERIA.values() for part in parts for c in matches(reading, part, "credit")}
    doubted = [clause for _, found in judged for clause in found]
    doubted += [clause for clause in matches(reading, "sound", "suspect") if clause not in earned]
    sound = Verdict("sound", PASSED, "Nothing in it contradicts what a DAG is.")
    if reading.language == "other":
        sound = Verdict("sound", NEEDS_REVIEW, judged[0][0].feedback)
    elif wrong:
        quote = wrong[0].sentence
        sound = Verdict("sound", FAILED, f"“{quote}” is not so. Which property of a DAG does it go against?", quote)
    elif doubted:
        quote = doubted[0].sentence
        sound = Verdict(
            "sound", NEEDS_REVIEW, f"“{quote}” leaves open whether it fits a DAG. Can you say it more plainly?", quote
        )
    return (*(verdict for verdict, _ in judged), sound)
