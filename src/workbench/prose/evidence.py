"""What a sentence is like: weights of its words and short sequences, learned from labelled ones.

Patterns say what a sentence asserts. For what they do not know, a table says how much it resembles
the sentences that assert it; `benchmarks/learn_evidence.py` has learned them. Its first line is the
least sum that counts, every other a weight and the terms that have it. A table of a short text as a
whole has WHOLE on its first line, too: it decides by what all the sentences are like together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import groupby

from workbench.prose.reading import FALSE, Clause, Reading
from workbench.prose.sentences import ANSWERED_NO
from workbench.prose.vocabulary import TABLES, english

EVIDENCE = TABLES / "evidence"
LONGEST, SEPARATOR = 3, " / "  # words of a term; what stands between two in a table
SHORTEST = 3  # words of a sentence that is like anything: `No idea.` is not
DENIED, END = "DENIED", "."  # what marks a clause
# Above the least sum, what is too little to hold a sentence against its writer: one of so many
# words at most, and a longer one, in which a negation is easily taken for another clause's.
BRIEF, HARDLY, HARDLY_LONG = 8, 100, 270
DOUBTED = "sound"  # the subject whose table speaks against a sentence
# What is said of these is said by no denial: `the order does not follow …` is like what it denies.
AFFIRMED = {"directed", "nodes_edges", "order", "parallel", "reproducible_or_scalable"}
WHOLE, MANY = "WHOLE", 6  # clauses of a text that has many


@dataclass(frozen=True)
class Evidence:
    """How much each term speaks for a subject, and from which sum on a sentence counts."""

    least: int
    weights: Mapping[str, int]
    whole: bool = False

    def of(self, clauses: Iterable[Clause]) -> int:
        """How much the clauses of a sentence speak for it, above the least that counts."""
        return sum(self.weights.get(term, 0) for term in terms(tuple(clauses))) - self.least


@lru_cache(maxsize=1024)  # a sentence has the same for every table
def terms(clauses: tuple[Clause, ...]) -> frozenset[str]:
    """What its patterns assert, and its concepts, alone and with the one or two that follow."""
    words, asserted = [], set()
    for clause in clauses:
        denied = [DENIED] if clause.denied else []
        words += [*denied, *clause.concepts.split(), END]
        asserted |= english().asserted(clause.concepts, clause.context, clause.denied)
    spans = range(1, LONGEST + 1)
    sequences = {" ".join(words[at : at + span]) for span in spans for at in range(len(words))}
    length = f"{WHOLE} {min(words.count(END), MANY)}"
    return frozenset(sequences | {f"{subject}: {kind}" for subject, kind in asserted} | {length})


def judges_whole(subject: str) -> bool:
    """Whether a table decides by a text as a whole, and not only where no pattern holds."""
    return _table(subject).whole


def resembling(reading: Reading, subject: str) -> str:
    """The sentence that is most like those that speak of the subject; empty when none is."""
    table = _table(subject)
    # What a sentence calls false, or nearly so, or a question that is answered by no, is no
    # evidence, however much it is like it.
    stated = tuple(
        clause
        for clause in reading.clauses
        if FALSE not in clause.concepts
        and not (clause.hedged or clause.sentence.startswith(ANSWERED_NO))
    )
    sums = _sums(replace(reading, clauses=stated), table)
    if not (table.whole or subject == DOUBTED):
        field = english().words["field"]  # `water flows downhill` is like much, and about nothing
        named = {
            clause.sentence for clause in stated if not field.isdisjoint(clause.concepts.split())
        }
        like = {sentence for sentence in sums.keys() & named if sums[sentence] >= 0}
        denied = _denied(stated, table, like) if subject in AFFIRMED else set()
        sums = {sentence: sums[sentence] for sentence in like - denied}
    best = max(sums, key=sums.__getitem__, default="")
    most = table.of(stated) if table.whole else sums.get(best, -1)
    return best if most >= 0 else ""


def _denied(clauses: Iterable[Clause], table: Evidence, sentences: set[str]) -> set[str]:
    """Those sentences of which the clause that is most like those of a table is a denial."""
    said = [clause for clause in clauses if clause.sentence in sentences]
    strongest = {
        sentence: max(parts, key=lambda clause: table.of([clause]))
        for sentence, parts in groupby(said, lambda clause: clause.sentence)
    }
    return {sentence for sentence, clause in strongest.items() if clause.denied}


def unlike(reading: Reading, subject: str) -> set[str]:
    """The sentences that are not, or hardly, like those that speak of the subject."""
    return {
        sentence
        for sentence, total in _sums(reading, _table(subject), shortest=0).items()
        if total < (HARDLY_LONG if len(sentence.split()) > BRIEF else HARDLY)
    }


def _sums(reading: Reading, table: Evidence, shortest: int = SHORTEST) -> dict[str, int]:
    """How much each sentence that is long enough is like those of a table."""
    return {
        sentence: table.of(clauses)
        for sentence, clauses in groupby(reading.clauses, lambda clause: clause.sentence)
        if len(sentence.split()) >= shortest
    }


@cache
def _table(subject: str) -> Evidence:
    file = EVIDENCE / f"{subject}.txt"
    if not file.exists():
        return Evidence(1, {})
    first, *lines = file.read_text(encoding="utf-8").splitlines()
    least, *whole = first.split()
    split = (line.split(" ", 1) for line in lines)
    weights = {term: int(weight) for weight, rest in split for term in rest.split(SEPARATOR)}
    return Evidence(int(least), weights, whole == [WHOLE])
