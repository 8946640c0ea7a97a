"""Everything that is known of a class, as its points are counted.

Points are at most the full ones; a stretch counts where class.toml says so; there are none as long
as a person has to decide.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from workbench.cohort import collected, files, roster
from workbench.cohort.grading import Grading
from workbench.cohort.settings import Settings
from workbench.cohort.standings import Standing

FOLDER, FEEDBACK = "export", "feedback"


@dataclass(frozen=True)
class Ledger:
    """Everything that is known of a class, to be written in one of several ways."""

    root: Path
    settings: Settings
    standings: Sequence[Standing]
    people: Sequence[roster.Person]

    @property
    def folder(self) -> Path:
        return self.root / FOLDER

    def feedback(self, learner: str) -> Path:
        """Where their page of feedback lies, once it is written."""
        return self.root / FEEDBACK / f"{files.folder_of(learner)}.html"

    @cached_property
    def problems(self) -> list[str]:
        """What is asked; where class.toml says nothing, what anybody handed in."""
        known = {standing.problem for standing in self.standings if standing.problem}
        return sorted(self.settings.problems or known)

    @cached_property
    def by_learner(self) -> dict[str, dict[str, Standing]]:
        """The standings of each learner, by problem."""
        by_learner: dict[str, dict[str, Standing]] = {person.id: {} for person in self.people}
        for standing in self.standings:
            by_learner.setdefault(standing.learner, {})[standing.problem] = standing
        return by_learner

    def person(self, learner: str) -> roster.Person:
        """Who it is by the roster; without one, by what their export called them."""
        return self._known.get(learner) or roster.Person(learner, learner, {})

    def called(self, learner: str) -> str:
        """Their name and id; the id alone where no name is known."""
        name = self.person(learner).name
        return f"{name} ({learner})" if name not in ("", learner) else learner

    @cached_property
    def _waiting(self) -> set[str]:
        return {line.learner for line in collected.read(self.root) if line.waits}

    @cached_property
    def _known(self) -> dict[str, roster.Person]:
        lines = collected.read(self.root)
        named = {
            line.learner: roster.Person(line.learner, line.name, {}) for line in lines if line.name
        }
        return named | {person.id: person for person in self.people}

    def points(self, standing: Standing | None) -> float | None:
        """What counts, at most the full score; None as long as a person has to decide."""
        if standing is None or standing.score is None:
            return None
        beyond = standing.stretch if self.settings.stretch else 0.0
        return min(standing.score + beyond, standing.max_score)

    def percent(self, standing: Standing | None) -> str:
        points = self.points(standing)
        return "" if points is None else f"{100 * points / (standing.max_score or 1):.2f}"

    def total(self, learner: str) -> str:
        """Their percent of all that is asked by the weights, of what they did not hand in 0; empty
        as long as anything is undecided."""
        own, weights = self.by_learner[learner], self.settings.weights
        nothing = "" if learner in self._waiting else "0"  # what waits may be for any problem
        shares = [
            self.percent(own[problem]) if problem in own else nothing for problem in self.problems
        ]
        factors = [weights.get(problem, 1.0) for problem in self.problems]
        if not all(shares) or not sum(factors):
            return ""
        sums = (float(share) * weight for share, weight in zip(shares, factors, strict=True))
        return f"{sum(sums) / sum(factors):.2f}"

    def table(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
        """Write a table among the exports; give its path. Call it in your turn."""
        files.write(self.folder / name, files.table(columns, rows))
        return self.folder / name


def of(grading: Grading, standings: Sequence[Standing] | None = None) -> Ledger:
    """All that is known of a graded class; standings: where that was asked for already."""
    known = grading.standings() if standings is None else standings
    return Ledger(grading.root, grading.settings, known, roster.read(grading.root))
