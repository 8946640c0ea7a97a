"""Judging a folder of submissions with warm workers, several at a time; what breaks one costs only that one."""

import csv
import json
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from workbench.exercises import check
from workbench.exercises.answers import PARTS, SUFFIXES
from workbench.exercises.report import Report, unusable
from workbench.graph import PipelineError


@dataclass(frozen=True)
class Submission:
    """What one learner handed in for one problem; ``refused`` says why the file is not even opened."""

    learner: str
    problem: str
    file: Path
    refused: str = ""


def submissions(folder: Path) -> list[Submission]:
    """FOLDER/<learner>/problem_N.(ipynb|py|md|txt), sorted; raise PipelineError when there are none."""
    if not folder.is_dir():
        raise PipelineError(f"{folder}: no such folder; give one that holds a folder per learner")
    named = [
        file
        for file in sorted(folder.glob("*/problem_*"))
        if file.stem in PARTS and file.suffix in SUFFIXES and (file.is_file() or file.is_symlink())
    ]
    if not named:
        raise PipelineError(
            f"{folder}: no submissions; they are named <learner>/problem_1.ipynb (or .py, .md, .txt)"
        )
    found = []
    for (learner, problem), files in groupby(named, key=lambda file: (file.parent.name, file.stem)):
        first, *more = files
        refused = ""
        if more:
            names = ", ".join(file.name for file in (first, *more))
            refused = f"there are several files for it ({names}); hand in one"
        elif first.is_symlink() or first.parent.is_symlink():
            refused = "it is a link to something else; hand in the file itself"
        found.append(Submission(learner, problem, first, refused))
    return found


def grade(
    found: list[Submission],
    out: Path,
    jobs: int,
    seed: int | None,
    done: Callable[[Submission, Report], None] = lambda *_: None,
    stopping: Callable[[], None] = lambda: None,
) -> dict[Submission, Report]:
    """Judge them all; each report is written to OUT/<learner>/problem_N.json as it comes, the table at the end.

    Interrupted, it says so, lets those under way end within their limits, and writes the table of what has been judged.
    Raise PipelineError for a report that cannot be written; nothing more is judged then.
    """
    todo: queue.SimpleQueue[Submission] = queue.SimpleQueue()
    for submission in sorted(
        found, key=lambda each: each.problem
    ):  # so that a worker stays warm for one problem
        todo.put(submission)
    reports: dict[Submission, Report] = {}
    unwritable: list[PipelineError] = []
    lock = threading.Lock()

    def work() -> None:
        for submission, report in _judged(todo, seed):
            target = out / submission.learner / f"{submission.problem}.json"
            try:
                with _writing():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text(
                        json.dumps(report.as_json(), indent=1) + "\n", encoding="utf-8"
                    )
            except PipelineError as error:
                unwritable.append(error)
                _drain(todo)
                return
            with lock:
                reports[submission] = report
                done(submission, report)

    workers = [threading.Thread(target=work) for _ in range(min(jobs, len(found)))]
    for worker in workers:
        worker.start()
    try:
        for worker in workers:
            worker.join()
    except KeyboardInterrupt:
        stopping()
        _drain(todo)
        for worker in workers:
            worker.join()
        raise
    finally:
        with _writing():
            _table({each: reports[each] for each in found if each in reports}, out / "grades.csv")
    if unwritable:
        raise unwritable[0]
    return reports


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PipelineError(
            f"{error.filename}: {error.strerror}; --out is the folder that the reports go to"
        ) from None


def _drain(todo: "queue.SimpleQueue[Submission]") -> None:
    with suppress(queue.Empty):
        while True:
            todo.get_nowait()


def _judged(
    todo: "queue.SimpleQueue[Submission]", seed: int | None
) -> Iterator[tuple[Submission, Report]]:
    """Take submissions until there are none, with one warm process per problem; a broken one is replaced."""
    with ExitStack() as stack:
        zygotes: dict[str, object] = {}
        while True:
            try:
                submission = todo.get_nowait()
            except queue.Empty:
                return
            problem = submission.problem
            if submission.refused:
                yield submission, unusable(problem, submission.refused)
                continue
            try:
                if problem != "problem_1" and problem not in zygotes:
                    zygotes[problem] = stack.enter_context(check.warm(problem))
                report = check.check(problem, submission.file, seed, zygotes.get(problem))
            except (
                Exception
            ) as error:  # the judge's own trouble with this one: named, and the others go on
                zygotes.pop(problem, None)
                report = unusable(
                    problem, f"it could not be judged ({type(error).__name__}: {error})"
                )
            yield submission, report


def _table(reports: dict[Submission, Report], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["learner", "problem", "outcome", "score", "max_score", "note"])
        for each, report in reports.items():
            points = f"{report.score:g}", f"{report.max_score:g}"
            rows.writerow([each.learner, each.problem, report.outcome, *points, report.note])
