"""An error of an answer's as a report tells it."""

import re

ANSWERS_FILE = re.compile(r" \(answer\.py, line \d+\)")  # of which no learner knows
LONGEST = 600  # characters of an error that are told


def in_one(text: str) -> str:
    """An error in one line, without the traceback of another that some libraries put into it."""
    lines = map(str.strip, text.partition("Traceback (most recent call last)")[0].splitlines())
    return " ".join(line for line in lines if line.strip("-="))
