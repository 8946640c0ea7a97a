"""Forgetting a learner: everything that is kept about them goes."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from workbench.cohort import collected, decisions, files, ledger, roster, table
from workbench.cohort.grading import Grading
from workbench.cohort.handins import LEARNERS, hand_ins, is_class
from workbench.cohort.results import Store
from workbench.graph import PipelineError

TABLES = (decisions.FILE, table.TIMINGS)
OF_ALL = (ledger.FOLDER, "index.html", "anonymous.html")  # each tells of everybody


def forget(root: Path, learner: str) -> None:
    """Take away what they handed in, their results, feedback and lines in every table, and write
    the tables of the others anew. Raise PipelineError for somebody who is not known, for a folder
    that is no class, and, before anything is gone, for a class that cannot be read."""
    if not is_class(root):
        raise PipelineError(f"{root} is no class (it has no {LEARNERS}/): nothing is taken away")
    Grading(root, hand_ins(root)), decisions.read(root)
    learner = _named(root, learner)
    folder = files.folder_of(learner)
    with files.turn(root), files.telling():
        own = [path for path in (root / LEARNERS).glob("*") if path.name == learner]
        own.append(Store(root).folder / folder)
        own += [root / "feedback" / f"{folder}{ending}" for ending in (".html", ".md")]
        lines, people = collected.read(root), roster.read(root)
        known = {line.learner for line in lines} | {person.id for person in people}
        rows = [row for name in TABLES for row in files.rows_of(root / name)]
        known |= {learner for row in rows if row.get("learner") == files.as_read(learner)}
        # "" is whom a file is of that lies in no learner's folder
        if not learner or not (learner in known or any(map(os.path.lexists, own))):
            raise PipelineError(f"{root}: nobody is called {learner!r} here")
        for path in (*own, *(root / name for name in OF_ALL)):
            is_ours = path.is_dir() and not path.is_symlink()
            shutil.rmtree(path) if is_ours else path.unlink(missing_ok=True)
        if lines:
            collected.write(root, [line for line in lines if line.learner != learner])
        for name in TABLES:
            _without(root / name, lambda row: row.get("learner") == files.as_read(learner))
        gone = [person.row for person in people if person.id == learner]
        _without(root / roster.FILE, lambda row: row in gone)
    Grading(root, hand_ins(root)).standings()


def _named(root: Path, learner: str) -> str:
    """Whom tables call so: a name that is no text stands there with escapes."""
    names = [path.name for path in (root / LEARNERS).glob("*")]
    alike = [name for name in names if files.as_read(name) == learner]
    if learner in names or not alike:
        return learner
    if len(alike) > 1:
        raise PipelineError(f"{root}: several are called {learner!r}: give the folder's own name")
    return alike[0]


def _without(path: Path, is_theirs: Callable[[dict], bool]) -> None:
    rows = files.rows_of(path)
    kept = [row for row in rows if not is_theirs(row)]
    if len(kept) < len(rows):
        files.write(path, files.table([*rows[0]], (row.values() for row in kept)))
