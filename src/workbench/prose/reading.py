"""A text into clauses of concepts, each affirmed or denied.

What the words mean is data, compiled by `vocabulary`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from workbench.prose.framing import framed
from workbench.prose.names import names_in
from workbench.prose.patterns import line_of
from workbench.prose.sentences import sentences_of
from workbench.prose.stating import FRAMES, UNSAID_BEFORE, Clause, state
from workbench.prose.vocabulary import Language, english, mended

CHARACTERS, WORDS = 10_000, 150  # that are read of an answer, and of a sentence at once
NEGATIONS = {"NOT", "BAN", "FALSE", "NODAG"}
BREAKS = {",", "--", ";"}
CONJUNCTIONS = {"but", "because", "so", "since", "although", "whereas"}
SUBJECTS = {"NOT", "there", "it", "they", "you", "we"}
COMPLEMENT = {"FALSE", "such", "so", "ENSURE"}  # `such that no …`, `it is false that …`
RELATIVES = {"that", "WH", "where", "IF", "whatever"}
FALSE = "FALSE that"  # how a clause begins that says: it is not so that …
# A text of so many words with a smaller share of grammar is a pile of terms; prose has over 0.2.
PILE = (6, 0.15)
SHORT = 4  # letters of a word that other languages may have, too
# Of so many sentences, or more, not half may be headlines: at most so many words, and no verb.
HEADLINES, HEADLINE = 4, 6
SIGN = re.compile(r"[=→:(]|->| [-–—] ")
NOUN = re.compile(r".+(?:tion|ment|ing|ity|ure|[ae]nce|ism)s?|reruns|retries|restarts|repeats")
LATIN = "ɏ"  # the last letter of the extended Latin alphabet
# a letter that names something: `A`, `task B`, but not the article or `I`
LETTER = re.compile(r"(?<=[\w,;:(→=>] )A\b|\b(?:[B-HJ-Z]\d?|(?<!['’`´])[b-dpqtv-z])(?![\w'’.])")
TOKEN = re.compile(r"[^\W_]+|→|--|[=:(),;+]")


@dataclass(frozen=True)
class Reading:
    clauses: tuple[Clause, ...]
    language: str  # "english", "other" or "empty"
    dropped: tuple[str, ...] = ()  # sentences that make no sense


def read(text: str, faults: bool = False) -> Reading:
    """Split a text into clauses; questions, reported opinions and piles of terms assert nothing.

    faults: whether it is to tell what is wrong with something.
    """
    language, text = english(), text[:CHARACTERS]
    said = [(line, begin) for part, begin in framed(text, faults) for line in sentences_of(part)]
    sentences = [sentence for sentence, _ in said]
    tokens = [
        _tokens(f"{begin}{line[0].lower()}{line[1:]}" if begin else line, language)
        for line, begin in said
    ]
    words = [word for sentence in tokens for word in sentence if word[0].isalpha()]
    if not words:
        return Reading((), "empty")
    if _is_foreign(text, words, language):
        return Reading((), "other")
    if _is_vocabulary(text, words, language):
        return Reading((), "english")
    names = names_in(sentences, language)
    clauses: list[Clause] = []
    before, dropped = "", []
    for sentence, line in zip(sentences, tokens, strict=True):
        for piece in _pieces(line):
            concepts = _concepts(piece, names, language)
            if _is_nonsense(concepts, language):
                dropped.append(sentence)
            elif not sentence.endswith("?") or UNSAID_BEFORE in concepts:  # `Or does it?`
                parts = _clauses(concepts.split(), language)
                state(parts, sentence, before + concepts, clauses, language)
            before = concepts
    stated = [clause for clause in clauses if not clause.reported]
    headlines = {
        sentence
        for sentence, line in zip(sentences, tokens, strict=True)
        if _is_headline(sentence, line, language)
    }
    if len(sentences) >= HEADLINES and 2 * len(headlines) > len(sentences):
        stated = [replace(clause, hedged=clause.sentence in headlines) for clause in stated]
    return Reading(tuple(stated), "english", tuple(dropped))


def _is_headline(sentence: str, words: list[str], language: Language) -> bool:
    """Whether it only names things: `Partial reruns.` has no verb, and no sign in its place."""
    known = language.words["verbs"] | {"do", "does", "did", "will", "would"}
    return len(words) <= HEADLINE + words.count(",") and not (
        SIGN.search(sentence)
        or any(
            (language.lemma(word) in known and not NOUN.fullmatch(word))
            or (language.lemma(word) == word and word.endswith(("s", "ed")) and len(word) > 3)
            for word in words
        )
    )


def _pieces(line: list[str]) -> Iterator[list[str]]:
    """The words of a sentence, cut where a clause may end if there are too many to read at once."""
    while len(line) > WORDS:
        ends = (at for at in range(WORDS, WORDS // 2, -1) if line[at] in BREAKS | {"and", "but"})
        at = next(ends, WORDS)
        yield line[:at]
        line = line[at:]
    yield line


def _is_foreign(text: str, words: list[str], language: Language) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    function, plain = language.words["function"], language.words["plain"]
    english_words = sum(
        word in function or language.lemma(word) != word or (word in plain and len(word) > SHORT)
        for word in words
    )
    exotic = sum(letter > LATIN for letter in letters)
    at_home = not (function | FRAMES).isdisjoint(words) and language.words["foreign"].isdisjoint(
        words
    )
    return exotic > 0.2 * len(letters) or (english_words < 0.4 * len(words) and not at_home)


def _is_vocabulary(text: str, words: list[str], language: Language) -> bool:
    """Whether it is a pile of terms: hardly a word of grammar, and no sign in its place."""
    least, share = PILE
    grammar = sum(
        word in language.words["function"] and language.lemma(word) not in ("NOT", "SAME")
        for word in words
    )
    signs = len(re.findall(r"(?m)[=→(:–]|->|^[^\S\n]*(?:[-*•]|\d{1,2}[.)])", text))
    return len(words) >= least and grammar + signs < share * len(words)


def _is_nonsense(concepts: str, language: Language) -> bool:
    line = line_of(concepts)
    return any(pattern.matches(line) for pattern in language.nonsense)


def _tokens(sentence: str, language: Language) -> list[str]:
    line = LETTER.sub(" something ", mended(sentence, language.letters)).lower()
    line = mended(mended(line, language.spelling), language.frames)
    return TOKEN.findall(line)


def _concepts(tokens: list[str], names: dict[str, str], language: Language) -> str:
    """The concepts of a sentence's words and turns of phrase, each followed by a space."""
    concepts = []
    for token, following in pairwise([*tokens, ""]):
        if token == "and":
            concepts.append("AND" if _is_bare_verb(following, language) else "and")
        else:
            concepts.append(names.get(token.rstrip("s")) or language.lemma(token))
    line = "".join(concept + " " for concept in concepts)
    for rewrite in language.rewrites:
        line = rewrite.apply(line)
    return line


def _is_bare_verb(word: str, language: Language) -> bool:
    """`can't go back and repeat` is one clause, `no loops and it is clear` is two."""
    return language.concept.get(word) in language.words["verbs"] and not word.endswith(("s", "ed"))


def _clauses(tokens: list[str], language: Language) -> list[tuple[list[str], bool]]:
    """The clauses of a sentence, whether each is denied; `if …,` stays with what it leads to."""
    clauses, condition, without = [], [], False
    parts = _parts(tokens, language)
    for part in parts:
        if not part or part.count("=") > 3 or _is_pile(part, language):
            continue
        # `without a DAG, everything would have to be repeated` denies what it says
        counterfactual = without and "would" in part
        without = "NODAG" in part
        if part[0] == "IF" and not condition and part is not parts[-1]:
            condition = part
        else:
            negations = _negations(part, language.words["verbs"]) + counterfactual
            clauses.append((condition + part, negations % 2 == 1))
            condition = []
    return clauses


def _parts(tokens: list[str], language: Language) -> list[list[str]]:
    """A sentence cut at commas, conjunctions and second verbs; of bare terms only what states."""
    parts: list[list[str]] = [[]]
    for index, token in enumerate(tokens):
        if token in BREAKS or _begins_clause(token, parts[-1], tokens[index + 1 :], language):
            parts.append(["but"] if token == "but" else [])
        else:
            parts[-1].append(token)
    parts = [_without_lead(part) for part in parts]
    if sum(map(len, parts)) < 2 * len(parts) and len(parts) > 3:
        stating = language.words["verbs"] | set("=→:")
        parts = [part for part in parts if len(part) > 2 and not stating.isdisjoint(part)]
    return parts


def _begins_clause(token: str, part: list[str], rest: list[str], language: Language) -> bool:
    """Whether a clause ends before this token, which is not a comma."""
    if token == "and":
        verbs = language.words["verbs"] | NEGATIONS
        second_verb = not (verbs - {"FAIL"}).isdisjoint(part) and not verbs.isdisjoint(rest[:6])
        return second_verb or (bool(rest) and rest[0] in SUBJECTS)
    if token == ":" and (len(part) > 3 or "FALSE" in part):
        return True
    if token in (":", "("):  # two denials, not one denial of a denial
        return not NEGATIONS.isdisjoint(part) and not NEGATIONS.isdisjoint(rest[:6])
    return token in CONJUNCTIONS and bool(part)


def _without_lead(part: list[str]) -> list[str]:
    """A part without the `and`, or the `in` of `in which`, that it begins with."""
    if part[:1] == ["and"]:
        part = part[1:]
    return part[1:] if part[:2] == ["in", "WH"] else part


def _is_pile(part: list[str], language: Language) -> bool:
    """Terms side by side with hardly a word between them."""
    glue = language.words["function"] | language.words["glue"]
    linking = sum(word in glue or not word.isalpha() for word in part)
    terms = sum(word.isupper() and word not in glue for word in part)
    return len(part) >= 6 and linking < 0.2 * len(part) and terms > 0.6 * len(part)


def _negations(part: list[str], verbs: frozenset[str]) -> int:
    """How many negations bear on the clause itself, not on a clause inside it."""
    return sum(
        token in NEGATIONS and not _is_inner(part, index, verbs) for index, token in enumerate(part)
    )


def _is_inner(part: list[str], index: int, verbs: frozenset[str]) -> bool:
    """Whether the word stands in a clause within the part: `tasks that do not wait …`."""
    near = range(max(0, index - 3), index)
    opener = next((number for number in near if part[number] in RELATIVES), 0)
    if part[0] in ("IF", "whatever") and not opener:
        return not _is_past_condition(part, index, verbs)
    if not opener:
        return False
    if part[opener] == "IF":
        return True
    # `means that no …`, `a graph where no …` deny what is said; `a task that is not …` does not
    subjects = SUBJECTS - {"NOT"}
    head = next((word for word in reversed(part[:opener]) if word not in subjects), "")
    headed = head in verbs | COMPLEMENT or "DAG" in part[:opener]
    if part[opener] in ("that", "WH", "where") and headed:
        return False
    return not verbs.isdisjoint(part[index + 1 :])


def _is_past_condition(part: list[str], index: int, verbs: frozenset[str]) -> bool:
    """Whether `if …` is over before the word."""
    subjects = [n for n in range(2, index) if part[n] in SUBJECTS - {"NOT"}]
    again = any(part[n] == part[1] for n in subjects)  # `if you go on you never come back`
    return again or len(subjects) > 1 or any(not verbs.isdisjoint(part[:n]) for n in subjects)
