"""Problem 5, `retry_with_backoff`: functions fail as planned; calls, waits, logs are compared."""

from collections.abc import Mapping

from workbench.exercises.answers import Answer
from workbench.exercises.problem_5.differences import LATER, once_more, plainly
from workbench.exercises.problem_5.examination import Examination
from workbench.exercises.problem_5.trials import Unable
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import FAILED, Stopped, Verdict, Verdicts, from_elsewhere
from workbench.sandbox.job import Job


def judge(exercise: Exercise, answer: Answer, seed: int, job: Job) -> Mapping[str, Verdict]:
    """Decide every criterion; a stopped answer leaves the later ones out.

    So does one that cannot be called: that is told once.
    """
    verdicts = Verdicts(exercise.thoughts)
    examination = Examination(job, seed, verdicts)
    told: set[str] = set()
    for criterion in exercise.of_part("code"):
        try:
            wrong = examination.wrong(criterion)
        except Stopped:
            break
        except Unable as why:
            verdicts[criterion] = Verdict(FAILED, str(why))
            if len(verdicts) == 1:
                break
            continue
        if wrong and examination.own:
            wrong = once_more(wrong, examination.own, told)
        verdicts.decide(criterion, wrong)
        if advice := from_elsewhere(wrong):
            verdicts[criterion] = Verdict(FAILED, f"{wrong} {advice}")
            break
    later = examination.later and LATER.format(plainly(examination.later))
    verdicts.remark = later or examination.hangs
    return verdicts
