"""Names of functions, and what their exceptions say; drawn anew for each submission."""

VERBS = ("fetch", "load", "read", "query", "count", "check", "fill", "join", "send", "sort")
NOUNS = ("prices", "orders", "sensor", "feed", "rates", "trips", "bills", "stock", "mail", "map")
NAMES = [f"{verb}_{noun}" for verb in VERBS for noun in NOUNS]
THINGS = ("line", "gate", "queue", "token", "peer", "disk", "cache", "route", "mirror", "page")
STATES = ("busy", "closed", "garbled", "full", "stale", "away", "slow", "cold", "torn", "late")
REASONS = [f"the {thing} is {state}" for thing in THINGS for state in STATES]
