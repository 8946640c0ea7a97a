"""Judging what was handed in, several at a time; what breaks one costs only that one."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

from workbench.cohort.handins import HandIn
from workbench.cohort.keepers import Keepers
from workbench.cohort.table import write_grades, write_report
from workbench.exercises import check
from workbench.exercises.registry import find
from workbench.exercises.report import Report
from workbench.graph import PipelineError


def grade(
    hand_ins: Iterable[HandIn],
    out: Path,
    jobs: int,
    seed: int | None,
    done: Callable[[], None] = lambda: None,
    stopping: Callable[[], None] = lambda: None,
) -> dict[HandIn, Report]:
    """Judge them all; ``done`` is called after each.

    Each report is written to OUT/<learner>/problem_N.json as it comes, the table at the end.
    Interrupted, it calls ``stopping``, lets those under way end within their limits, and writes
    the table of what has been judged. Raise PipelineError for a report that cannot be written;
    nothing more is judged then.
    """
    hand_ins = list(hand_ins)
    futures: dict[HandIn, Future[Report]] = {}
    with Keepers() as keepers, ThreadPoolExecutor(jobs) as pool:
        try:
            # One problem after the other, so that a process warm for it finds work.
            for hand_in in sorted(hand_ins, key=lambda hand_in: hand_in.problem):
                futures[hand_in] = pool.submit(_graded, hand_in, out, seed, keepers)
            for future in as_completed(futures.values()):
                future.result()
                done()
        except KeyboardInterrupt:
            stopping()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
            in_order = {hand_in: futures.get(hand_in) for hand_in in hand_ins}
            reports = {
                hand_in: job.result() for hand_in, job in in_order.items() if _ended_well(job)
            }
            write_grades(reports, out)
    return reports


def _ended_well(job: Future[Report] | None) -> bool:
    return job is not None and not job.cancelled() and job.exception() is None


def _graded(hand_in: HandIn, out: Path, seed: int | None, keepers: Keepers) -> Report:
    report = _report(hand_in, seed, keepers)
    write_report(hand_in, report, out)
    return report


def _report(hand_in: HandIn, seed: int | None, keepers: Keepers) -> Report:
    problem = hand_in.problem
    seed = check.drawn(seed)
    return check.reported(problem, seed, lambda: _judged(hand_in, seed, keepers))


def _judged(hand_in: HandIn, seed: int, keepers: Keepers) -> Report:
    if hand_in.refused:
        raise PipelineError(hand_in.refused)
    answer = check.read(hand_in.problem, hand_in.file)
    if answer.code is None or find(hand_in.problem).probe is None:
        return check.judge(hand_in.problem, answer, seed)
    with keepers.lent(hand_in.problem) as keeper:
        return check.judge(hand_in.problem, answer, seed, keeper)
