"""Answers with labels, and how a judge's reports compare with them."""

import ast
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

from workbench.exercises import check
from workbench.exercises.answers import Answer
from workbench.exercises.registry import find

HERE = Path(__file__).parent
OTHERS = HERE / "answers/others"


def labels(folder, problem):
    """{name: label} of a folder; a label has criteria, kind, ambiguous and, for some, stopped."""
    return json.loads((HERE / folder / problem / "labels.json").read_text())


def judging(problem, keeper):
    """A function from a labelled answer's name to the report on it; each is judged once."""

    @cache
    def report(name):
        return check.check(problem, HERE / "answers" / problem / f"{name}.py", 1, keeper)

    return report


def reports(folder, problem, names=(), seed=11):
    """A report for each answer of a folder, or those named.

    The ones that are meant to run out of time are given less of it.
    """
    found, usual = {}, find(problem).limits
    told = {
        name: label for name, label in labels(folder, problem).items() if name in names or not names
    }
    with check.warm(problem) as keeper, ThreadPoolExecutor(2) as pool:

        def report(name):
            endless = told[name].get("stopped") == "time"
            limits = replace(usual, wall=3, cpu=2) if endless else usual
            (file,) = (HERE / folder / problem).glob(f"{name}.*")
            return check.judge(problem, check.read(problem, file), seed, keeper, limits)

        for endless in (False, True):
            chosen = [
                name for name, label in told.items() if (label.get("stopped") == "time") == endless
            ]
            found |= dict(zip(chosen, pool.map(report, chosen), strict=True))
    return found


def others(problem):
    """{name: label} of what strangers have written, each label with the answer's code.

    It stands below its head, `#### name !missed,missed ?either`: the criteria that it misses, and
    those that a fair judge may decide either way; `*` for all of them, or all others.
    """
    every = set(find(problem).of_part("code"))
    text = (OTHERS / f"{problem}.txt").read_text(encoding="utf-8")
    heads = re.split(r"(?m)^#### (.*)\n", text)[1:]
    told = {}
    for head, code in zip(heads[::2], heads[1::2], strict=True):
        name, *marks = head.split()
        signs = {mark[0]: every if mark[1:] == "*" else set(mark[1:].split(",")) for mark in marks}
        missed, either = signs.pop("!", set()), signs.pop("?", set())
        assert name not in told, head
        assert signs == {}, head
        assert missed | either <= every, head
        told[name] = {
            "criteria": {criterion: criterion not in missed for criterion in every},
            "ambiguous": either - missed,
            "code": code,
        }
    return told


def reports_on_others(problem, names, folder):
    """A report for each of the strangers' answers that are named; files are made in the folder."""
    told = others(problem)
    with check.warm(problem) as keeper, ThreadPoolExecutor(2) as pool:

        def report(name):
            file = folder / f"{name}.py"
            file.write_text(told[name]["code"], encoding="utf-8")
            return check.judge(problem, check.read(problem, file), 11, keeper)

        return dict(zip(names, pool.map(report, names), strict=True))


def disagreements(report, label):
    """{criterion: (label, judged)} without what a fair judge may decide either way."""
    judged = {criterion.id: criterion.outcome == "passed" for criterion in report.criteria}
    decided = label["criteria"].items()
    differing = {name: (told, judged[name]) for name, told in decided if told != judged[name]}
    return {
        name: both for name, both in differing.items() if name not in label.get("ambiguous", ())
    }


def mutants(source):
    """(line, source) of each way to break a program by one small step."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for broken in _broken(node):
            yield getattr(node, "lineno", 0), broken(tree)


def _broken(node):
    def swapped(**fields):
        def build(tree):
            before = {name: getattr(node, name) for name in fields}
            for name, value in fields.items():
                setattr(node, name, value)
            text = ast.unparse(tree)
            for name, value in before.items():
                setattr(node, name, value)
            return text

        return build

    match node:
        case ast.Constant(value=bool()):
            yield swapped(value=not node.value)
        case ast.Constant(value=int() | float()):
            yield swapped(value=node.value + 1)
        case ast.Compare(ops=[ast.Gt()]):
            yield swapped(ops=[ast.GtE()])
            yield swapped(ops=[ast.Lt()])
        case ast.BinOp(op=ast.Mult()):
            yield swapped(op=ast.Add())
        case ast.AugAssign(op=ast.Mult()):
            yield swapped(op=ast.Add())
        case ast.FunctionDef(decorator_list=[_, *_]):
            yield swapped(decorator_list=[])
    for name in ("body", "orelse"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            for place, statement in enumerate(block):
                if isinstance(
                    statement, ast.Expr | ast.Raise | ast.Return | ast.Assign | ast.AugAssign
                ):
                    rest = [*block[:place], ast.Pass(lineno=statement.lineno), *block[place + 1 :]]
                    yield swapped(**{name: rest})


def judged_mutants(problem, name):
    """(line, mutant, report) for each mutant of an answer."""
    source = (HERE / "answers" / problem / f"{name}.py").read_text()
    found = list(mutants(source))
    limits = replace(find(problem).limits, wall=4)
    with check.warm(problem) as keeper, ThreadPoolExecutor(2) as pool:

        def report(mutant):
            return check.judge(problem, Answer(code=mutant[1]), 11, keeper, limits)

        judged = pool.map(report, found)
        return [(line, text, report) for (line, text), report in zip(found, judged, strict=True)]
