"""Judging answers by what they do: `check` a submission, get a report.

A problem whose answer is code has a module `problem_N` with `PROBE`, `PRELOAD`, `LIMITS` and `judge(job, seed)`, which
gives a Verdict per criterion; many submissions share one `warm(problem)` keeper.
"""

import contextlib
import random
import time
from importlib import import_module
from pathlib import Path

from workbench import workspace
from workbench.exercises.answers import PROJECT, Answer, read, starter
from workbench.exercises.report import CRITERIA, Report, Verdict, assemble, not_attempted, unusable
from workbench.graph import PipelineError
from workbench.prose.propositions import find
from workbench.prose.reading import read as read_prose
from workbench.sandbox.client import Keeper, WorkerError

__all__ = ["CRITERIA", "Report", "Verdict", "check", "judge", "warm"]

HERE = Path(__file__).parent
MAX_SCORE = {
    problem: float(sum(not stretch for *_, stretch in rows)) for problem, rows in CRITERIA.items()
}


def check(
    problem: str, file: Path, seed: int | None = None, keeper: Keeper | None = None
) -> Report:
    """Judge the submission in a file; whatever is wrong with the file is in the report, nothing is raised."""
    if problem not in CRITERIA:
        return unusable(problem, f"there is no {problem!r} (problems: {', '.join(CRITERIA)})")
    try:
        return judge(problem, read(problem, Path(file)), seed, keeper)
    except (PipelineError, WorkerError) as error:
        return unusable(problem, str(error))


def judge(
    problem: str, answer: Answer, seed: int | None = None, keeper: Keeper | None = None
) -> Report:
    """Judge an answer that has been read; inputs are drawn from the seed, which is random unless it is given."""
    began = time.perf_counter()
    if answer.empty or answer.same_as(starter(problem)):
        return not_attempted(problem)
    seed = random.SystemRandom().randrange(1 << 32) if seed is None else seed
    verdicts, stopped, absent = _explained(problem, answer.prose), None, set()
    if answer.prose is None and not answer.notebook:
        absent = set(verdicts)
    if answer.code is None and problem != "problem_1":
        absent = {name for name, *_ in CRITERIA[problem] if name != "explained"}
    elif problem != "problem_1":
        module = import_module(f"workbench.exercises.{problem}.judge")
        with contextlib.nullcontext(keeper) if keeper else warm(problem) as running:  # noqa: SIM117
            with running.job(module.PROBE, answer.code, module.LIMITS) as job:
                verdicts |= module.judge(job, seed)
                stopped = job.stopped
    why = {"stopped": stopped.stopped, "stage": stopped.stage} if stopped else {}
    return assemble(problem, verdicts, absent=absent, duration_s=time.perf_counter() - began, **why)


def warm(problem: str) -> Keeper:
    """A process that has imported what answers to this problem need; a context manager, for as many as there are."""
    hidden = [HERE, *(PROJECT / name for name in ("solutions", "tests", ".workbench"))]
    preload = import_module(f"workbench.exercises.{problem}.judge").PRELOAD
    # The process stands in no project: it could not tell where databases to copy are kept.
    environ = {"WORKBENCH_TEMPLATES": str(workspace.templates())}
    return Keeper(preload, hidden=tuple(map(str, hidden)), environ=environ)


def _explained(problem: str, prose: str | None) -> dict[str, Verdict]:
    """The verdicts on prose."""
    judge_module = import_module(f"workbench.exercises.{problem}.judge")
    if problem == "problem_1":
        findings = judge_module.judge_problem_1(prose or "")
    elif not hasattr(judge_module, "EXPLAINED"):
        return {}
    elif (prose or "").strip():
        findings = {"explained": find(read_prose(prose), *judge_module.EXPLAINED)[0]}
    else:
        missing = f"There is no text yet in the cell `%%answer {problem}.explain`."
        return {"explained": Verdict("failed", missing)}
    return {name: Verdict(finding.outcome, finding.feedback) for name, finding in findings.items()}
