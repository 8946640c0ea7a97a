"""What a writer calls tasks and edges."""

import re

from workbench.prose.vocabulary import Language

# `stations are the tasks`, `streets represent dependencies`
NAMING = re.compile(
    r"\b([a-z]{3,}),? (?:is|are|=|as|represents?|stands? for|corresponds? to"
    r"|plays? the (?:role|part) of|means?|being)"
    r" (?:(?:an?|the|our|your|its|his|her|my|one|individual|single|such|of|these) )*([a-z]+)"
)
# `tasks are drawn as circles`, `the tasks are the stations`
DRAWN_AS = re.compile(
    r"\b([a-z]+) (?:is|are) (?:the |(?:drawn|shown|depicted|represented) (?:as|by) (?:an? )?)"
    r"([a-z]{3,})"
)
# `every circle in the picture is a task`: then a circle is no cycle
CIRCLE = re.compile(
    r"\bcircles?(?: \w+){0,3}? (?:is|are|=|means?|stands? for|represents?) (?:an? |the )?([a-z]+)"
)
ROLES = {"TASK": "TASK", "NODE": "TASK", "DEP": "EDGE"}


def names_in(sentences: list[str], language: Language) -> dict[str, str]:
    """What the writer calls a task or an edge: `stations are the tasks`."""
    text = " . ".join(sentences).lower()
    pairs = NAMING.findall(text) + [(name, role) for role, name in DRAWN_AS.findall(text)]
    names = {
        name.rstrip("s"): ROLES[language.lemma(role)]
        for name, role in reversed(pairs)  # the first that is said of a name counts
        if language.lemma(role) in ROLES
        and language.lemma(name) == name
        and name not in language.words["function"]
    }
    drawn = {name for _, name in DRAWN_AS.findall(text)}
    roles = {language.lemma(role) for role in CIRCLE.findall(text)}
    if "TASK" in roles or not drawn.isdisjoint(("circle", "circles")):
        names["circle"] = "NODE"
    return names
