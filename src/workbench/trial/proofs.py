"""What held of each task of a pipeline, as values, in words and as a table."""

from dataclasses import dataclass

from workbench.trial.proof import Proof, Table

KINDS = ("twice", "two at once", "killed")


@dataclass(frozen=True)
class Row:
    """One task: its ``proof``, or why there is none. One that did not run here counts for nothing:
    ``idle``."""

    task: str
    proof: Proof | None
    reason: str = ""
    idle: bool = False

    @property
    def held(self) -> bool | None:
        """Whether every outcome is good; None where the task did not run."""
        return None if self.idle else bool(self.proof and self.proof.good)

    @property
    def marks(self) -> tuple[str, ...]:
        """For each kind of trial ✓ or ✗, – where it was not made."""
        if self.proof is None:
            return ("–",) * len(KINDS)
        return tuple(map(self._mark, KINDS))

    def _mark(self, kind: str) -> str:
        if kind == "killed" and not self.proof.kills:
            return "–"
        tried = [trial for trial in self.proof.trials if trial.name.startswith(kind)]
        return "✓" if all(trial.good for trial in tried) else "✗"

    @property
    def words(self) -> str:
        """What was bad, in a line; empty where nothing was."""
        if self.proof is None:
            return self.reason
        bad = [trial for trial in self.proof.trials if not trial.good]
        told = (f"{t.name}: {t.left}" + (f", then {t.again}" if t.again else "") for t in bad)
        return "; ".join(told)


@dataclass(frozen=True, repr=False)
class Proofs(Table):
    """The rows of a pipeline's tasks, in their order."""

    columns = ("task", *KINDS, "")
    name: str
    rows: tuple[Row, ...]

    @property
    def good(self) -> bool:
        """Whether each task that ran held, and one did."""
        held = [row.held for row in self.rows if row.held is not None]
        return bool(held) and all(held)

    @property
    def title(self) -> str:
        """The outcome in one line."""
        tried = [row for row in self.rows if row.held is not None]
        held = sum(bool(row.held) for row in tried)
        return f"{self.name}: {held} of {len(tried)} tasks held"

    def __getitem__(self, task: str) -> Row:
        return next(row for row in self.rows if row.task == task)

    @property
    def table(self) -> list[tuple[str, ...]]:
        """The rows as texts, see ``columns``."""
        return [(row.task, *row.marks, row.words) for row in self.rows]
