"""Judge prose by what its clauses assert: words become concepts, negations are counted, patterns name propositions.

What the words mean and what is looked for is data, compiled by `vocabulary`; this module reads a text into clauses and
looks them up.
"""

import re
from dataclasses import dataclass, replace

from workbench.prose.vocabulary import Language, language

PASSED, FAILED, NEEDS_REVIEW = "passed", "failed", "needs_review"
NEGATIONS = {"NOT", "BAN", "FALSE", "NODAG"}
BREAKS = {",", "--", ";"}
CONJUNCTIONS = {"but", "because", "so", "since", "although", "whereas"}
SUBJECTS = {"NOT", "there", "it", "they", "you", "we"}
COMPLEMENT = {"FALSE", "such", "so", "ENSURE"}
LONGEST = 10_000, 150  # characters that are read of an answer, words that are read of a sentence
RELATIVES = {"that", "WH", "where", "IF", "whatever"}
# A text of so many words of which a smaller share is grammar is a pile of terms; prose has a share of 0.2 and more.
PILE = (6, 0.15)
ASSERTS = re.compile("so |true |the case |possible |FALSE ")
WHAT_IS = re.compile(r"(?:and |but |so )?what(?:'s|’s| is| are) (?:(?:an?|the) )?([^?,]+)\?", re.I)
WHETHER = re.compile(
    r"(?:and |but |so )?((?:is|are|may|can|could|must|do|does|will|has|have)\b[^?]+)\?", re.I
)
REPLY = re.compile(r"(yes|no|never)\b[.,:;!]*\s*", re.I)


@dataclass(frozen=True)
class Verdict:
    criterion: str
    outcome: str
    feedback: str
    quote: str = ""


@dataclass(frozen=True)
class Clause:
    """One thing said: its concepts, whether it is denied, the sentence it stands in and what surrounds it."""

    concepts: str
    denied: bool
    sentence: str
    context: str
    reported: bool = False  # said of something else, or to be what others think, or what the writer does not know


@dataclass(frozen=True)
class Reading:
    clauses: tuple[Clause, ...]
    language: str  # "english", "other" or "empty"


def _unwrapped(text: str) -> str:
    """The text with its sentences on one line each: a line that goes on in small letters, or was full, was wrapped."""
    lines = [""]
    for line in map(str.strip, text.splitlines()):
        before = lines[-1]
        open_end = before and before[-1] not in ".!?:;" and line[:1].isalnum()
        if open_end and (line[0].islower() or len(before) >= 60):
            lines[-1] = f"{before} {line}"
        else:
            lines.append(line)
    return "\n".join(lines)


def read(text: str) -> Reading:
    """Split a text into clauses of concepts; questions, reported opinions and piles of terms assert nothing."""
    known = language()
    sentences = _sentences(text[: LONGEST[0]])
    tokens = [
        token for sentence in sentences for token in _tokens(sentence, known) if token[0].isalpha()
    ]
    if not tokens:
        return Reading((), "empty")
    letters = [letter for letter in text if letter.isalpha()]
    english = sum(
        token in known.words["function"] or known.lemma(token) != token for token in tokens
    )
    if sum(letter > "ɏ" for letter in letters) > 0.2 * len(letters) or english < 0.4 * len(tokens):
        return Reading((), "other")
    grammar = sum(
        token in known.words["function"] and known.lemma(token) not in ("NOT", "SAME")
        for token in tokens
    )
    if len(tokens) >= PILE[0] and grammar + len(re.findall("[=→(]|->", text)) < PILE[1] * len(
        tokens
    ):
        return Reading((), "english")
    names = _names(sentences, known)
    clauses: list[Clause] = []
    before = ""
    for sentence in sentences:
        concepts = _concepts(_tokens(sentence, known)[: LONGEST[1]], names, known)
        if sentence.endswith("?") or any(pattern.search(concepts) for pattern in known.nonsense):
            before = concepts
            continue
        reported = contradicted = other = False
        for part, denied in _clauses(concepts.split(), known):
            reported = (reported and not part.startswith("but ")) or "SOMESAY" in part
            other = bool(known.other.match(part)) or (
                other and not part.startswith("but ") and "DAG " not in part
            )
            if known.contradiction.fullmatch(
                part
            ):  # `…, but that is not so` turns what was said before it
                turned = [] if contradicted else [c for c in clauses if c.reported] or clauses[-1:]
                if not ASSERTS.search(
                    part
                ):  # `a DAG has no cycles; it may not` repeats what it follows
                    turned = [clause for clause in turned if clause.reported or not clause.denied]
                clauses = [
                    replace(c, reported=False, denied=not c.denied) if c in turned else c
                    for c in clauses
                ]
                contradicted = True
            else:
                left_out = reported or other or "UNSURE" in part
                clauses.append(Clause(part, denied, sentence, before + concepts, left_out))
        before = concepts
    return Reading(tuple(clause for clause in clauses if not clause.reported), "english")


def _sentences(text: str) -> list[str]:
    text = re.sub(
        r"\b(e\.?g\.|i\.?e\.|etc\.|vs\.|resp\.)",
        lambda found: found[0].replace(".", ""),
        text,
        flags=re.I,
    )
    text = re.sub(r"(?:(?<=\s)|^)\(?(?:\d{1,2}|[a-h])[).]\s", "\n", _unwrapped(text), flags=re.M)
    pieces = re.split(r"(?<=[.!?])[\"”')]*\s+|\n+|•", text)
    return _answered(
        [stripped for piece in pieces if (stripped := _row(piece).strip(" \t*•#>_-–—"))]
    )


def _row(piece: str) -> str:
    """A table's row as a sentence: its first cell is what the second says."""
    cells = [cell.strip() for cell in piece.strip().strip("|").split("|")]
    return (
        " = ".join([cells[0], ", ".join(cells[1:])])
        if piece.strip()[:1] == "|" and len(cells) > 1
        else piece
    )


def _answered(sentences: list[str]) -> list[str]:
    """Questions that the writer answers at once, as statements: `What is a node? A task.`, `Are there loops? No.`"""
    stated: list[str] = []
    for sentence in sentences:
        question = stated[-1] if stated else ""
        if (asked := WHAT_IS.fullmatch(question)) and not sentence.endswith("?"):
            stated.append(f"{asked[1]} is {sentence[0].lower()}{sentence[1:]}")
        elif (asked := WHETHER.fullmatch(question)) and (reply := REPLY.match(sentence)):
            stated.append(("" if reply[1].lower() == "yes" else "not ") + asked[1])
            stated += [rest] if (rest := sentence[reply.end() :]) else []
        else:
            stated.append(sentence)
    return stated


def _tokens(sentence: str, known: Language) -> list[str]:
    line = re.sub(
        r"(?<=[\w,;:(→=>] )A\b|\b(?:[B-HJ-Z]\d?|(?<!['’`´])[b-dpqtv-z])(?![\w'’.])",
        " something ",
        sentence,
    ).lower()
    for old, new in known.spelling:
        line = old.sub(new, line)
    return re.findall(r"[^\W_]+|→|--|[=:(),;+]", line)


def _concepts(tokens: list[str], names: dict[str, str], known: Language) -> str:
    found = []
    for token, following in zip(tokens, [*tokens, ""][1:], strict=True):
        if token in (
            "and",
            "&",
        ):  # `can't go back and repeat` is one clause, `no loops and it is clear` is two
            bare = known.concept.get(following) in known.words["verbs"] and not re.search(
                "(s|ed)$", following
            )
            found.append("AND" if bare else "and")
        else:
            found.append(names.get(token.rstrip("s")) or known.lemma(token))
    line = "".join(token + " " for token in found)
    for old, new in known.phrases:
        line = old.sub(lambda match, new=new: match.expand(new) + " " if new else "", line)
    return line


def _names(sentences: list[str], known: Language) -> dict[str, str]:
    """What the writer calls a task or an edge: `stations are the tasks`, `streets are dependencies`."""
    equals = r"(?:is|are|=|as|represents?|stands? for|corresponds? to|plays? the (?:role|part) of|means?|being)"
    what = r"(?:an?|the|our|your|its|his|her|my|one|individual|single|such|of|these)"
    pairs = re.findall(
        rf"([a-z]{{3,}}),? {equals} (?:{what} )*([a-z]+)", " . ".join(sentences).lower()
    )
    roles = {"TASK": "TASK", "NODE": "TASK", "DEP": "EDGE"}
    return {
        name.rstrip("s"): roles[known.lemma(role)]
        for name, role in pairs
        if known.lemma(role) in roles
        and known.lemma(name) == name
        and name not in known.words["function"]
    }


def _clauses(tokens: list[str], known: Language) -> list[tuple[str, bool]]:
    """The clauses of a sentence, each with whether it is denied; a leading `if …,` stays with what it leads to."""
    verbs = known.words["verbs"]
    parts: list[list[str]] = [[]]
    for index, token in enumerate(tokens):
        rest = tokens[index + 1 : index + 7]
        joins = token == "and" and any(word in (verbs | NEGATIONS) - {"FAIL"} for word in parts[-1])
        starts = joins and any(word in verbs | NEGATIONS for word in rest)
        breaks = (
            starts
            or (token == "and" and rest[:1] and rest[0] in SUBJECTS)
            or (token in CONJUNCTIONS and parts[-1])
        )
        breaks = breaks or (token == ":" and (len(parts[-1]) > 3 or "FALSE" in parts[-1]))
        breaks = breaks or (
            token == "(" and NEGATIONS & {*parts[-1]} and NEGATIONS & {*rest}
        )  # two denials, not one
        if token in BREAKS or breaks:
            parts.append(["but"] if token == "but" else [])
        else:
            parts[-1].append(token)
    parts = [part[part[:1] == ["and"] :] for part in parts]
    parts = [part[part[:1] == ["in"] and part[1:2] == ["WH"] :] for part in parts]
    if sum(len(part) for part in parts) < 2 * len(parts) and len(parts) > 3:  # a list of bare terms
        parts = [
            part
            for part in parts
            if len(part) > 2 and any(word in verbs or word in "=→:" for word in part)
        ]
    clauses, condition, without = [], [], False
    for part in parts:
        if not part or part.count("=") > 3 or _is_pile(part, known):
            continue
        counterfactual, without = without and "would" in part, without or "NODAG" in part
        if part[0] == "IF" and not condition and part is not parts[-1]:
            condition = part
        else:
            denied = (_negations(part, verbs) + counterfactual) % 2 == 1
            clauses.append(("".join(word + " " for word in condition + part), denied))
            condition = []
    return clauses


def _is_pile(part: list[str], known: Language) -> bool:
    """Terms side by side with hardly a word between them."""
    glue = known.words["function"] | known.words["glue"]
    linking = sum(word in glue or not word.isalpha() for word in part)
    terms = sum(word.isupper() and word not in glue for word in part)
    return len(part) >= 6 and linking < 0.2 * len(part) and terms > 0.6 * len(part)


def _negations(part: list[str], verbs: frozenset[str]) -> int:
    """How many negations bear on the clause itself, not on a relative or conditional clause inside it."""
    count = 0
    for index, token in enumerate(part):
        opener = next((at for at in range(max(0, index - 3), index) if part[at] in RELATIVES), 0)
        headed = (
            part[opener - 1] in verbs | COMPLEMENT or "DAG" in part[:opener]
        )  # `means that no …`, `a graph where no …`
        complement = part[opener] in ("that", "WH", "where") and headed
        inner = part[opener] == "IF" or (
            (opener or part[0] == "whatever")
            and not complement
            and any(word in verbs for word in part[index + 1 :])
        )
        count += token in NEGATIONS and not inner
    return count


def matches(reading: Reading, criterion: str, kind: str) -> list[Clause]:
    """The clauses that assert one of the criterion's propositions of this kind: credit, wrong or near."""
    propositions = language().propositions[criterion].get(kind, ())
    return [
        clause
        for clause in reading.clauses
        if any(each.holds(clause.concepts, clause.context, clause.denied) for each in propositions)
    ]


def judge(
    reading: Reading, criterion: str, parts: tuple[str, ...], thought: str
) -> tuple[Verdict, list[Clause]]:
    """The verdict on a criterion that takes all `parts`, and the clauses that contradict it."""
    wrong = [clause for part in parts for clause in matches(reading, part, "wrong")]
    credited = [matches(reading, part, "credit") for part in parts]
    said = {clause.sentence for clauses in credited for clause in clauses}
    hints = [
        found or matches(reading, part, "near") for part, found in zip(parts, credited, strict=True)
    ]
    if reading.language == "other":
        return Verdict(
            criterion,
            NEEDS_REVIEW,
            "The judge understands only English. A person has to read this answer.",
        ), []
    if wrong:
        quote, open_to_doubt = wrong[0].sentence, {clause.sentence for clause in wrong} <= said
        if open_to_doubt:
            return Verdict(
                criterion, NEEDS_REVIEW, f"“{quote}” can be read in two ways. {thought}", quote
            ), wrong
        return Verdict(criterion, FAILED, f"“{quote}” says the opposite. {thought}", quote), wrong
    if all(credited):
        quote = credited[0][0].sentence
        return Verdict(criterion, PASSED, f"“{quote}” says it.", quote), []
    if all(hints):
        quote = next(hint for hint, found in zip(hints, credited, strict=True) if not found)[
            0
        ].sentence
        return Verdict(
            criterion, NEEDS_REVIEW, f"“{quote}” may mean it, but it is not clear. {thought}", quote
        ), []
    return Verdict(criterion, FAILED, f"The answer does not say this yet. {thought}"), []


def explain_problem_2(text: str) -> Verdict:
    """Whether the text names what is wrong with the original DAG: tasks that belong to none, and no schedule."""
    thought = "Which DAG do the two tasks know of, and how often would it run?"
    return judge(read(text), "explained", ("mistake_dag", "mistake_schedule"), thought)[0]


def explain_problem_3(text: str) -> Verdict:
    """Whether the text says what idempotency is and why it matters."""
    thought = "What is the output after a second run, and when would you be glad of that?"
    return judge(read(text), "explained", ("idempotent_what", "idempotent_why"), thought)[0]
