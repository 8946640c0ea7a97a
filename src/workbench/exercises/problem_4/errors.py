"""An error of an answer's as a report tells it."""

import re

ANSWERS_FILE = re.compile(r" \(answer\.py, line \d+\)")  # of which no learner knows
LONGEST = 600  # characters of an error that are told


def in_one(text: str) -> str:
    """An error in one line, without the traceback of another that some libraries put into it."""
    lines = map(str.strip, text.partition("Traceback (most recent call last)")[0].splitlines())
    return " ".join(line for line in lines if line.strip("-="))


def before(text: str, failed: list[str]) -> str:
    """What a task had raised, by what Prefect says of those that failed, where a flow's error is
    another: it may stumble over there being no result, which is not where to look."""
    causes = [in_one(message.partition("exception ")[2]) for message in failed]
    why = next((one for one in causes if one and one not in text), "")[: LONGEST // 2]
    return why and f", when a task had raised {why.rstrip('.')}"
