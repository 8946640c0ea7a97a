"""Classes to be collected and graded, and what came of them."""

import csv
import json
import zipfile
from pathlib import Path

from workbench.cohort.collecting import Collecting
from workbench.cohort.grading import Grading
from workbench.cohort.handins import hand_ins
from workbench.cohort.judges import Here

ROOT = Path(__file__).parent.parent
GOOD = """
A node is a task, and an edge leads from a task to the one that needs its result. No path leads
back. The order of work follows from the edges. Independent tasks can run in parallel.
"""
BAD = "An edge may lead from a task back to itself, so a DAG has cycles."
NOTES = {"timings.csv", ".grades.lock"}  # what may differ


def put(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


CODE = "def process_data(input_file, output_file): pass"


def graded(root, folder=None, jobs=1, seed=5, **options):
    return Grading(root, hand_ins(folder or root), Here(jobs), seed).run(**options)


def rows(root):
    with (root / "grades.csv").open(newline="") as file:
        return {(row["learner"], row["problem"]): row for row in csv.DictReader(file)}


def written(root):
    """Every file that must not depend on when and how it was made."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file() and path.name not in NOTES)
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def judged(run):
    """How many answers a run judges."""
    counts = []
    run(planned=counts.append)
    return counts[0]


def notebook(*cells):
    made = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


ANSWER = notebook(f"%%answer problem_3\n{CODE}")
NOTHING = notebook("1 + 1")


def zipped(path, content):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return path


def collect(root, *exports, people=()):
    return Collecting(root, people).run(exports)
