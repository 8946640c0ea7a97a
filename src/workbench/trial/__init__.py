"""Proof by trial: a task runs twice, two at once, and is killed before each of its writes.

    prove(write_report, "report.csv", given={"report.csv": "yesterday's figures"})

Each trial has a fresh working folder that begins with the files ``given``. The process is really
killed, at a system call that was about to change a file; what it leaves is compared.
"""

from workbench.trial.whole import prove

__all__ = ["prove"]
