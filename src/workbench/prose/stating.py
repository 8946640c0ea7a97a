"""What a sentence states: which of its clauses its writer asserts, and which are taken back."""

from dataclasses import dataclass, replace

from workbench.prose.vocabulary import Language

DENIALS = {"NOT", "FALSE"}
ASSERTING = {"so", "true", "case", "possible", "FALSE"}  # `but it is not so`
UNSAID = {"SOMESAY", "unsaid"}  # what others think, or the writer does not say, up to a `but`
UNSAID_ALL, HEDGED_ALL = "unsaidall", "hedgedall"  # all of the sentence
HEDGED = "hedged"  # more or less, with an exception
UNSAID_BEFORE, UNSAID_ABOVE = "unsaidbefore", "unsaidabove"  # the last sentence, all of them
FRAMES = UNSAID | {UNSAID_ALL, HEDGED, UNSAID_BEFORE, UNSAID_ABOVE}
GOES_ON = {"there", "it", "its", "they", "their", "here"}  # how more is said of the same thing


@dataclass(frozen=True)
class Clause:
    """One thing said: its concepts, whether denied, its sentence, and what surrounds it."""

    concepts: str
    denied: bool
    sentence: str
    context: str
    reported: bool = False  # of something else, what others think, or what the writer does not say
    elsewhere: bool = False  # of something else
    hedged: bool = False  # of some, or nearly: it earns nothing, and may be wrong


Parts = list[tuple[list[str], bool]]


def state(
    parts: Parts, sentence: str, context: str, clauses: list[Clause], language: Language
) -> None:
    """Add what a sentence says to the clauses before it, or take one of them back.

    parts: the words of each of its clauses, and whether it is denied.
    """
    words_of_all = {word for words, _ in parts for word in words}
    withdrawn = _withdraw(words_of_all, clauses)
    reported = taken_back = False
    first = parts[0][0][:1] if parts else []
    elsewhere = bool(clauses) and clauses[-1].elsewhere and first in [[word] for word in GOES_ON]
    for words, denied in parts:
        opposed = words[0] == "but"
        reported = not UNSAID.isdisjoint(words) or (reported and not opposed)
        goes_on = elsewhere and not opposed and "DAG" not in words
        elsewhere = goes_on or _is_elsewhere(words, language)
        if not withdrawn and _is_denial(words, language):
            if not taken_back:
                _take_back(clauses, not ASSERTING.isdisjoint(words))
            taken_back = True
        else:
            left_out = reported or elsewhere or withdrawn or UNSAID_ALL in words_of_all
            left_out |= "UNSURE" in words
            line, hedged = (
                "".join(word + " " for word in words),
                HEDGED in words or HEDGED_ALL in words_of_all,
            )
            clauses.append(Clause(line, denied, sentence, context, left_out, elsewhere, hedged))


def _withdraw(words: set[str], clauses: list[Clause]) -> bool:
    """Leave out what a sentence such as `I made that up.` takes back; whether it is one."""
    last = clauses[-1].sentence if clauses else ""
    whole = UNSAID_ABOVE in words
    for number, clause in enumerate(clauses if whole or UNSAID_BEFORE in words else []):
        if whole or clause.sentence == last:
            clauses[number] = replace(clause, reported=True)
    return whole or UNSAID_BEFORE in words


def _is_elsewhere(words: list[str], language: Language) -> bool:
    """Whether it is said of another thing, such as a plain script."""
    lead = language.words["before_other"]
    first = next((word for word in words if word not in lead), "")
    return first in language.words["other"]


def _is_denial(words: list[str], language: Language) -> bool:
    """`but that is not so` turns what was said before it, and says nothing of its own."""
    at = next((number for number, word in enumerate(words) if word in DENIALS), len(words))
    before, after = language.words["before_denial"], language.words["after_denial"]
    return at < len(words) and before.issuperset(words[:at]) and after.issuperset(words[at + 1 :])


def _take_back(clauses: list[Clause], asserting: bool) -> None:
    """Turn the reported clauses, or the last one.

    A denial that asserts nothing only repeats one: `a DAG has no cycles; it may not`.
    """
    reported = [number for number, clause in enumerate(clauses) if clause.reported]
    for number in reported or range(len(clauses))[-1:]:
        clause = clauses[number]
        if asserting or clause.reported or not clause.denied:
            clauses[number] = replace(clause, reported=False, denied=not clause.denied)
