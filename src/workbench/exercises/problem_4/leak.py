"""Whether a model was asked about rows that it was trained on, by what was told of the call."""

from math import sqrt

LEAK = 0.1  # share of known rows that may be among those scored, and of new ones as well
RARE = 0.001  # how probable it may be that chance alone makes a row known that shall not be one
SURE = 4  # standard deviations of a share


def is_leak(told: dict) -> bool:
    """Whether a model was asked about rows that it was trained on, more than by chance."""
    twins = told["twins"]
    return told["known"] > LEAK + twins + SURE * sqrt(twins * (1 - twins) / max(1, told["rows"]))


def knows_any(told: dict) -> bool:
    """The same where no value is like another: then chance does not make a single row known."""
    alike = told["twins"] * told["rows"] > RARE
    return is_leak(told) if alike else told["known"] > 0
