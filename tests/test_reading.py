"""A text into sentences and clauses: what is cut, what is denied, how much work it can cause."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from said import outcomes

from workbench.prose import patterns, spelling, vocabulary
from workbench.prose.propositions import matches
from workbench.prose.reading import CHARACTERS, read
from workbench.prose.sentences import sentences_of


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Nodes are tasks. Edges lead on!", ["Nodes are tasks.", "Edges lead on!"]),
        ("Nodes are\ntasks.\nEdges lead on.", ["Nodes are tasks.", "Edges lead on."]),
        ("* one task\n* another, e.g. training", ["one task", "another, eg training"]),
        ("1) nodes 2) edges", ["nodes", "edges"]),
        ("| node | task |\n|---|---|", ["node = task"]),
        ("What is a node? A task.", ["What is a node?", "node is a task."]),
        (
            "Are there cycles? No. So it ends.",
            ["Are there cycles?", "not Are there cycles", "So it ends."],
        ),
        ("Are there cycles?", ["Are there cycles?"]),
    ],
)
def test_a_text_is_cut_into_sentences(text, sentences):
    assert sentences_of(text) == sentences


@pytest.mark.parametrize(
    ("sentence", "clauses"),
    [
        ("Tasks wait and edges are arrows.", [("TASK WAIT", 0), ("EDGE BE ARROW", 0)]),
        ("There are no loops.", [("there BE NOT CYCLE", 1)]),
        ("It is wrong that there is no loop.", [("it BE FALSE that there BE NOT CYCLE", 0)]),
        ("Tasks that do not wait may run.", [("TASK that do NOT WAIT CAN RUN", 0)]),
        ("If it fails, only it is rerun.", [("IF it FAIL ONLY it BE RERUN", 0)]),
        ("Are nodes tasks?", []),
        ("Some say that nodes are tasks.", []),
        ("It is hardly ever so that nodes are tasks.", [("it BE FALSE that NODE = TASK", 1)]),
        ("It is seldom the case that nodes are tasks.", [("it BE FALSE that NODE = TASK", 1)]),
        ("It is drawn so that nodes are tasks.", [("it BE DRAW", 0), ("NODE = TASK", 0)]),
        ("In a spreadsheet, unlike in a DAG, nodes are tasks.", []),
        ("Contrary to a DAG, in a table nodes are tasks.", []),
        (
            "Unlike a spreadsheet, a DAG has nodes.",
            [("NOT a spreadsheet", 1), ("a DAG HAVE NODE", 0)],
        ),
        ("It would be nice if nodes were tasks.", []),
        ("I wish that nodes were tasks.", []),
        ("Some say there are loops, but that is false.", [("SOMESAY there BE CYCLE", 1)]),
        ("We used to run all again, now only one.", [("but now ONLY one", 0)]),
        ("If one failed I used to rerun all.", []),
        (
            "Stations are tasks, and a station has edges.",
            [("TASK BE TASK", 0), ("a TASK HAVE EDGE", 0)],
        ),
    ],
)
def test_a_sentence_is_cut_into_clauses(sentence, clauses):
    read_clauses = [(each.concepts.strip(), int(each.denied)) for each in read(sentence).clauses]
    assert read_clauses == clauses


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "empty"),
        ("42", "empty"),
        ("Das ist eine Menge von Aufgaben.", "other"),
        ("Go on.", "english"),
    ],
)
def test_the_language_of_a_text(text, language):
    assert read(text).language == language


class Work:
    """Counts what reading a text costs: steps of patterns, rewrites tried, words compared."""

    def __init__(self, monkeypatch):
        self.steps = self.rewrites = self.comparisons = 0
        step, apply, slips = patterns.Item.step, vocabulary.Rewrite.apply, spelling.slips
        monkeypatch.setattr(patterns.Item, "step", self.counting("steps", step))
        monkeypatch.setattr(vocabulary.Rewrite, "apply", self.counting("rewrites", apply))
        monkeypatch.setattr(spelling, "slips", self.counting("comparisons", slips))

    def counting(self, name, function):
        def counted(*arguments):
            setattr(self, name, getattr(self, name) + 1)
            return function(*arguments)

        return counted


VOCABULARY = sorted(word for word in vocabulary.english().concept if len(word) < 9)
GRAMMAR = ["the", "is", "not", "a", "to", "no", "in", "and", "that", "if", "(", ":", "→"]
ENDS = [".", ",", ";", "?", "\n"]


def text_of(dice, grammar, ends, slips):
    """A text of as many characters as are read: these shares of it are grammar, ends and slips."""
    words, length = [], 0
    while length < CHARACTERS:
        chance = dice.random()
        word = dice.choice(GRAMMAR if chance < grammar else VOCABULARY)
        if dice.random() < slips:
            word = word[1:2] + word[:1] + word[2:]
        words.append(word + (dice.choice(ENDS) if dice.random() < ends else ""))
        length += len(words[-1]) + 1
    return " ".join(words)


SHARE = st.floats(0, 0.7)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(seed=st.integers(0, 999), grammar=st.floats(0.4, 0.9), ends=SHARE, slips=SHARE)
@example(seed=2, grammar=0.4, ends=0.0, slips=0.7)  # as many slips as there may be
@example(seed=2, grammar=0.9, ends=0.7, slips=0.0)  # as many ends
def test_no_text_causes_much_more_work_than_another(seed, grammar, ends, slips):
    with pytest.MonkeyPatch.context() as monkeypatch:
        work = Work(monkeypatch)
        vocabulary.english.cache_clear()  # with what it remembers of words and clauses
        reading = read(text_of(random.Random(seed), grammar, ends, slips))
        matches(reading, "directed", "credit")
    assert work.rewrites <= 25 * CHARACTERS
    assert work.steps <= 4 * CHARACTERS
    assert work.comparisons <= 6 * CHARACTERS  # a microsecond each


BLANKS = {  # a text far beyond what is read → made of
    "blanks": "A DAG " + " " * 500_000 + "has no cycles" + "\n" * 300_000,
    "lines": "\n" * 900_000,
    "lines of blanks": " \n" * 450_000,
    "tabs": "\t" * 900_000,
    "brackets": "(" * 900_000,
    "combining marks": "a" + "\u0301" * 900_000,
}


@pytest.mark.parametrize("name", BLANKS)
def test_a_text_is_cut_where_it_is_read(name):
    began = time.process_time()
    cut, whole = read(BLANKS[name][:CHARACTERS]), read(BLANKS[name])
    assert whole == cut
    assert time.process_time() - began < 5  # a regular expression that looks again took minutes


WORST = sorted((Path(__file__).parent / "answers" / "attacks").glob("*.txt"))


ODD = ["s", "__", "½", "½s", "![", "[a]: #", "<a b=", "<p hidden", "\\sout{", "~~", "(f)", "a:\n"]


@pytest.mark.parametrize(
    "text",
    [path.read_text() for path in WORST] + [unit * 9999 for unit in ODD] + [f"It. {'*' * 9990}a"],
    ids=[*(path.stem for path in WORST), *ODD, "stars"],
)
def test_the_worst_texts_that_were_found_cost_little(text):
    spent = []
    for _ in range(3):  # of which the quietest moment of the machine counts
        vocabulary.english.cache_clear()
        vocabulary.english()
        began = time.process_time()
        matches(read(text), "directed", "credit")
        spent.append(time.process_time() - began)
    assert min(spent) < 0.5


@pytest.mark.parametrize(
    ("end", "criterion", "outcome"),
    [
        ("no path leads back to its start", "acyclic", "passed"),
        ("cycles are allowed in a DAG", "sound", "needs_review"),
    ],
)
def test_a_sentence_without_an_end_is_read_to_its_end(end, criterion, outcome):
    read_first = ["a node is a task of the DAG"] * 60
    assert outcomes(", ".join(read_first))[criterion] != outcome
    assert outcomes(", ".join([*read_first, end]))[criterion] == outcome


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bananas are yellow.", "english"),
        ("All of the above is false.", "english"),
        ("Two things: (1) operators instantiated; (2) schedule parameter omitted.", "english"),
        ("Le tout va sur un seul chemin.", "other"),
    ],
)
def test_few_words_of_grammar_are_enough_where_none_is_of_another_language(text, language):
    assert read(text).language == language
