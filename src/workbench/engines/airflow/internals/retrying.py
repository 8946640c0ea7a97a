"""Whether a task is tried again, and after a delay that somebody chose, as its author wrote it."""

from typing import Any

from workbench.engines.members import members_of

MEMBERS = members_of(
    "airflow.sdk.bases.operator",
    "seeing whether somebody has chosen a retry_delay, which is graded",
    DEFAULT_RETRY_DELAY="",
)


def has_chosen_delay(task: Any) -> bool:
    """Whether somebody wrote a retry_delay: for the task, its DAG or group, or afterwards; or in a
    policy, by which it is retried after any error.

    Where nobody did, Airflow fills in one object of its own; another of that value is somebody's.
    """
    from airflow.sdk.bases.operator import DEFAULT_RETRY_DELAY

    policy = getattr(task, "retry_policy", None)
    decided = policy and policy.evaluate(Exception(), 1, task.retries or 0)
    chosen = task.retry_delay is not DEFAULT_RETRY_DELAY and task.retry_delay is not None
    return chosen or bool(decided and decided.retry_delay)


def is_forbidden(task: Any) -> bool:
    """Whether a policy lets the task fail at once, whatever kind of error there is.

    Where a policy fails itself, Airflow goes by the task's retries.
    """
    policy, kinds = getattr(task, "retry_policy", None), [Exception]
    for kind in kinds if policy else ():
        kinds += type.__subclasses__(kind)
        try:
            error = kind.__new__(kind)
        except Exception:  # a kind that nothing is made of
            continue
        try:
            if policy.evaluate(error, 1, task.retries or 0).action.value != "fail":
                return False
        except Exception:
            return False
    return bool(policy)
