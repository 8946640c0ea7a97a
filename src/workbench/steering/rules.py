"""Trigger rules: the states upstream by which a task is left out, and the words for each state."""

from collections.abc import Mapping

from workbench.events import DONE, FAILED

SKIPPED = frozenset({"skipped"})
USUAL = "all_success"  # the rule of a task that names none
NAMES = ("trigger rule", "trigger")  # how notes of a graph call it

# rule → the state a task is put into without an attempt → the states upstream that bring it there
BLAME: Mapping[str, Mapping[str, frozenset[str]]] = {
    USUAL: {"upstream_failed": FAILED, "skipped": SKIPPED},
    "all_failed": {"skipped": DONE | SKIPPED},
    "one_success": {"upstream_failed": FAILED | SKIPPED, "skipped": SKIPPED},
    "one_failed": {"skipped": DONE | SKIPPED},
    "one_done": {"skipped": SKIPPED | {"upstream_failed"}},
    "none_failed": {"upstream_failed": FAILED},
    "none_failed_min_one_success": {"upstream_failed": FAILED, "skipped": SKIPPED},
    "none_skipped": {"skipped": SKIPPED},
    "all_skipped": {"skipped": DONE | FAILED},
    "all_done_min_one_success": {"upstream_failed": FAILED, "skipped": SKIPPED},
    "all_done_setup_success": {"upstream_failed": FAILED, "skipped": SKIPPED},
}

WORDS = {
    "pending": "has not run",
    "queued": "is about to begin",
    "running": "is running",
    "success": "succeeded",
    "failed": "failed",
    "retrying": "is to be tried again",
    "skipped": "was skipped",
    "upstream_failed": "could not run",
    "cached": "was answered from the cache",
}


def blame(rule: str, state: str) -> frozenset[str]:
    """The states upstream by which ``rule`` puts a task into ``state`` without an attempt."""
    return BLAME.get(rule or USUAL, {}).get(state, frozenset())
