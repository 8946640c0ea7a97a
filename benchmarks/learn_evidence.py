"""Learn what speaks for a criterion of problem 1, is not sound, or explains problem 2 or 3.

    .venv/bin/python benchmarks/learn_evidence.py [sound directed …]

Reads the labelled answers and sentences of the tests, prints how well each table does on answers
that it has not learned from, and writes `src/workbench/prose/tables/evidence`. An answer is
labelled as a whole: of one that fulfils a criterion the sentence counts that speaks most for it, of
one with a misconception the sentence that speaks most for that; so it is learned in rounds. An
explanation is short, and counts as one sentence.
"""

import json
import random
import re
import sys
import tomllib
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from workbench.prose.evidence import EVIDENCE, SEPARATOR, WHOLE, terms
from workbench.prose.reading import read

TESTS = Path(__file__).parents[1] / "tests"
FIRST = ["directed", "acyclic", "nodes_edges"]
CRITERIA = [*FIRST, "order", "parallel", "rerun", "reproducible_or_scalable"]
LETTERS = dict(zip("DANOPRS", CRITERIA, strict=True))
PAIRS = {2: ("mistake_dag", "mistake_schedule"), 3: ("idempotent_what", "idempotent_why")}
EXPLAINED = {"_".join(pair): number for number, pair in PAIRS.items()}
SUBJECTS = {*CRITERIA, "nodes", "edges", "sound"}
ROUNDS, FOLDS = 3, 4
STRENGTH = defaultdict(lambda: 0.5, sound=0.1)
JOINED = 2  # sound sentences to each of which a labelled one is joined
TERMS = {"sound": 1500}  # that are kept of a table
FEWER = 400
# of the answers that do not say it, or have no misconception: those that a table takes to
FALSE = defaultdict(lambda: 0.05, sound=0.29) | dict.fromkeys(EXPLAINED, 0.01)
# added to the least sum of a table in which much that everybody says speaks for it
STRICTER = defaultdict(int, reproducible_or_scalable=100)
DECIDING = {"sound", *EXPLAINED}  # tables that weigh what patterns assert, too


@dataclass
class Text:
    """An answer, or a sentence of one, by its sentences; None where the label is not known."""

    sentences: list[set[str]]
    labels: dict[str, bool | None]
    whole: bool
    source: str = ""  # the file of an answer: its writers are not learned from to judge it


def sentences(text):
    clauses = groupby(read(text).clauses, lambda clause: clause.sentence)
    return [terms(tuple(part)) for _, part in clauses]


def texts():
    answers = TESTS / "answers"
    folders = [answers / "problem_1", answers / "voices", TESTS / "corpus/problem_1"]
    files = [file for folder in folders for file in sorted(folder.glob("*.json"))]
    strangers = sorted((answers / "strangers").glob("problem_1_[!h]*.json"))  # none held out
    for file in [*files, *strangers]:
        if file.name.endswith("answers.json") or file.name.startswith("problem_1"):
            for answer in json.loads(file.read_text(encoding="utf-8")):
                told = answer["criteria"]
                labels = {name: told.get(name) for name in CRITERIA}
                labels["sound"] = told["misconception"]
                if answer["kind"] != "other_language":
                    yield Text(sentences(answer["text"]), labels, True, file.stem)
    for line in (answers / "problem_1/clauses.txt").read_text(encoding="utf-8").splitlines():
        letters, text = line.split(" | ", 1)
        labels = {name: letter in letters for letter, name in LETTERS.items()}
        labels["sound"] = bool(re.search("[a-z]", letters))
        yield Text(sentences(text), labels, False)
    told = json.loads((answers / "problem_1/sentences.json").read_text(encoding="utf-8"))
    for name, label in (("misconceptions", True), ("sound", False)):
        file = answers / f"problem_1/{name}.txt"
        lines = file.read_text(encoding="utf-8").splitlines()
        for line in [*lines, *told["wrong" if label else "fine"]]:
            yield Text(sentences(line), dict.fromkeys(CRITERIA) | {"sound": label}, False)
    for line in (answers / "problem_1/contrasts.txt").read_text(encoding="utf-8").splitlines():
        labels = dict.fromkeys(CRITERIA) | {"sound": line[0] == "-"}
        yield Text(sentences(line[2:]), labels, False)
    for file in sorted((TESTS / "prose").glob("*.toml")):
        for kind, examples in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for example in examples.values() if file.stem in SUBJECTS and kind != "near" else ():
                labels = dict.fromkeys(CRITERIA) | {"sound": kind != "credit"}
                yield Text(sentences(example["says"])[-1:], labels, False)


def explanations(number):
    """The labelled explanations of a problem, each as one sentence."""
    answers, name = TESTS / "answers", f"problem_{number}"
    told = json.loads((answers / "explained/answers.json").read_text(encoding="utf-8"))[name]
    pairs = [(each["text"], each["expected"] == "passed") for each in told]
    for file in ("voices/explained_{}.json", "strangers/explained_{}_development.json"):
        told = json.loads((answers / file.format(number)).read_text(encoding="utf-8"))
        pairs += [(each["text"], each["label"] == "right") for each in told]
    lines = (answers / f"explained/{name}.txt").read_text(encoding="utf-8").splitlines()
    pairs += [(line[2:], line[0] == "+") for line in lines]
    for text, label in pairs:
        yield Text([terms(read(text).clauses)], {"_".join(PAIRS[number]): label}, True)


def joined(told):
    """Labelled sentences beside sound ones: what is right in a sentence hides nothing wrong."""
    dice = random.Random(7)
    sound = [row for text in told if not text.labels["sound"] for row in text.sentences]
    alone = [(text, row) for text in told if not text.whole for row in text.sentences]
    return [replace(text, sentences=[row | dice.choice(sound)]) for text, row in JOINED * alone]


def fitted(found, name, kept=None):
    """The weights of terms, and the bias, that tell apart the texts by their label."""
    told = [text for text in found if text.labels[name] is not None and text.sentences]
    told += joined(told) if name == "sound" else []
    rows = [sentence for text in told for sentence in text.sentences]
    if name not in DECIDING:  # it is for what no pattern knows
        rows = [{term for term in row if ": " not in term} for row in rows]
    owner = np.repeat(np.arange(len(told)), [len(text.sentences) for text in told])
    label = np.array([bool(text.labels[name]) for text in told])
    many = defaultdict(int)
    for row in rows:
        for term in row:
            many[term] += 1
    vectors = DictVectorizer()
    table = vectors.fit_transform([{t: 1 for t in row if many[t] > 1} for row in rows])
    target = label[owner]
    # At first only what is labelled by itself, and answers in which every sentence has the label.
    alone = [not text.whole or not text.labels[name] or len(text.sentences) == 1 for text in told]
    known = np.array(alone)[owner]
    for _ in range(ROUNDS):
        model = LogisticRegression(C=STRENGTH[name], max_iter=500, class_weight="balanced")
        sums = model.fit(table[known], target[known]).decision_function(table)
        known[:] = True
        target = np.zeros(len(rows), bool)
        for number, text in enumerate(told):
            own = np.flatnonzero(owner == number)
            if label[number]:
                target[own if not text.whole else own[np.argmax(sums[own])]] = True
                if name not in DECIDING:
                    target[own[sums[own] > 0.5]] = True
    columns = np.argsort(-np.abs(model.coef_[0]))[:kept]
    model = LogisticRegression(C=STRENGTH[name], max_iter=500, class_weight="balanced")
    model.fit(table[:, columns], target)
    names = vectors.get_feature_names_out()[columns]
    weights = {
        term: round(100 * weight) for term, weight in zip(names, model.coef_[0], strict=True)
    }
    return {term: weight for term, weight in weights.items() if weight}, round(
        100 * model.intercept_[0]
    )


def total(text, weights, bias):
    return max(sum(weights.get(term, 0) for term in row) + bias for row in text.sentences)


def unseen(found, name, kept):
    """(sum, label) of each whole answer by a table that was learned from others."""
    sources = sorted({text.source for text in found})
    fold_of = [sources.index(text.source) or number for number, text in enumerate(found)]
    for fold in range(FOLDS):
        apart = [number % FOLDS == fold for number in fold_of]
        others = [t for t, out in zip(found, apart, strict=True) if not (out and t.whole)]
        table = fitted(others, name, kept)
        for text, out in zip(found, apart, strict=True):
            if out and text.whole and text.sentences and text.labels[name] is not None:
                yield total(text, *table), bool(text.labels[name])


def least(judged, name):
    """The sum from which on a sentence counts, and what that gives."""
    right = sorted(value for value, label in judged if not label)
    chosen = right[int((1 - FALSE[name]) * len(right))]
    hits = [label for value, label in judged if value >= chosen]
    all_true = sum(label for _, label in judged)
    print(
        f"{name:26} {len(judged)} answers, found {sum(hits) / all_true:.2f}, "
        f"false {sum(not hit for hit in hits) / len(right):.3f}",
        flush=True,
    )
    return chosen, sum(hits) / all_true


def written(name, weights, smallest):
    by_weight = defaultdict(list)
    for term, weight in weights.items():
        by_weight[weight].append(term)
    lines = [f"{smallest} {WHOLE}" if name in EXPLAINED else str(smallest)]
    for weight in sorted(by_weight):
        line = ""
        for term in sorted(by_weight[weight]):
            if line and len(line) + len(SEPARATOR) + len(term) > 92:
                lines.append(f"{weight:+} {line}")
                line = ""
            line += SEPARATOR * bool(line) + term
        lines.append(f"{weight:+} {line}")
    (EVIDENCE / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    answers = list(texts())
    EVIDENCE.mkdir(exist_ok=True)
    for name in sys.argv[1:] or ["sound", *CRITERIA, *EXPLAINED]:
        found = list(explanations(EXPLAINED[name])) if name in EXPLAINED else answers
        np.random.default_rng(7).shuffle(found)
        kept = TERMS.get(name, FEWER)
        chosen, recall = least(list(unseen(found, name, kept)), name)
        if recall > 0.2:
            weights, bias = fitted(found, name, kept)
            written(name, weights, chosen - bias + STRICTER[name])


if __name__ == "__main__":
    main()
