"""Names of functions, and what their exceptions say; drawn anew for each submission."""

import random

VERBS = ("fetch", "load", "read", "query", "count", "check", "fill", "join", "send", "sort")
NOUNS = ("prices", "orders", "sensor", "feed", "rates", "trips", "bills", "stock", "mail", "map")
NAMES = [f"{verb}_{noun}" for verb in VERBS for noun in NOUNS]
THINGS = ("line", "gate", "queue", "token", "peer", "disk", "cache", "route", "mirror", "page")
STATES = ("busy", "closed", "garbled", "full", "stale", "away", "slow", "cold", "torn", "late")
# Of a function's name, and of a reason.
DOCS = ("Try to {0} while {1}.", "Say that {1}, and {0}.", "{0}, unless {1}", "If {1}: {0}!")
ODD_DOCS = (None, "Say it in short.\n\n    And then at length,\n    in several lines.\n    ")
EMPTY = (None, 0, "", [], False)  # what a function may return that has gone well
# Arguments of a function that are called as what a wrapper may have.
HELPERS = {"attempt": 2, "delay": 0.5, "retries": 4, "retryable_exceptions": ["ValueError"]}
# Exceptions that nobody can know.
MADE_UP = [f"{state.title()}{thing.title()}" for state in STATES for thing in THINGS]
REASONS = [f"the {thing} is {state}" for thing in THINGS for state in STATES]


def odd_texts(draw: random.Random) -> tuple[str | tuple, ...]:
    """What exceptions are made of that say nothing, several things, or one in several lines."""
    one, another, *plain = draw.sample(REASONS, 8)
    odd = draw.sample([(), (draw.randint(2, 99), one), f"{one}\n{another}"], 3)
    return (*odd, *plain)
