"""Decides by what `load_settings` gave for settings drawn from the seed."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.exercises.answers import Answer
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import Verdict, Verdicts, raised
from workbench.sandbox.job import Job, Observations

DEFAULTS = {"n_estimators": 100, "test_size": 0.2}


@dataclass(frozen=True)
class Call:
    """What one call is given, and what has to come of it: the settings at stake, or the names that
    have to be refused."""

    file: Mapping[str, Any]
    environ: Mapping[str, str]
    arguments: tuple[str, ...]
    settings: Mapping[str, Any] | None = None
    refused: tuple[str, ...] = ()

    @property
    def told(self) -> dict[str, Any]:
        """What the probe is given."""
        # JSON is YAML, and nobody's number is taken for something else on the way.
        lines = (f"{name}: {json.dumps(value)}\n" for name, value in self.file.items())
        return {
            "file": "".join(lines),
            "environ": dict(self.environ),
            "arguments": [*self.arguments],
        }

    def wrong(self, observed: Observations) -> str:
        """What is wrong with what came back; nothing if nothing is."""
        called = f"With {self._words()}, load_settings"
        if observed.error:
            wanted = "" if self.settings else "; expected a ValueError"
            return f"{called} raised {raised(observed.error)}{wanted}."
        message, given = observed.first("refused"), observed.first("settings")
        if self.settings is not None:
            if message is not None:
                return f"{called} refused: {message[:200]!r}; expected {dict(self.settings)}."
            at_stake = {name: given.get(name) for name in self.settings}
            same = json.dumps(at_stake) == json.dumps(self.settings)  # 1, 1.0 and "1" are three
            return "" if same else f"{called} gave {at_stake}; expected {dict(self.settings)}."
        if message is None:
            return f"{called} gave {given}; expected a ValueError that names {self._refused()}."
        unnamed = [name for name in self.refused if name not in message]
        return f"{called} says {message[:200]!r}, without {', '.join(unnamed)}." if unnamed else ""

    def _refused(self) -> str:
        return " and ".join(self.refused)

    def _words(self) -> str:
        places = {
            "the file": self.file,
            "the environment": self.environ,
            "the command line": " ".join(self.arguments),
        }
        said = [f"{source} {told!r}" for source, told in places.items() if told]
        return " and ".join(said) if said else "nothing anywhere"


def judge(exercise: Exercise, answer: Answer, seed: int, job: Job | None) -> dict[str, Verdict]:
    """Each criterion by its calls, until one goes wrong."""
    verdicts = Verdicts(exercise.thoughts)
    for criterion, calls in _plan(random.Random(seed)).items():
        for call in calls:
            observed = job.step(criterion, call.told)
            if observed.stopped:
                return verdicts
            verdicts.decide(criterion, call.wrong(observed))
            if verdicts[criterion].feedback:
                break
    return verdicts


def _plan(draw: random.Random) -> dict[str, tuple[Call, ...]]:
    """The calls of each criterion."""
    source = f"{draw.choice(('sales', 'visits', 'claims'))}-{draw.randint(10, 99)}.csv"
    here = {"data_source": source}
    trees, fewer, fewest = draw.sample(range(2, 90), 3)
    share = draw.choice((0.1, 0.25, 0.3, 0.4))

    def gives(file: Mapping, environ: Mapping, *arguments: str, **settings: Any) -> Call:
        return Call(here | file, environ, arguments, here | settings)

    def refuses(file: Mapping, environ: Mapping, *arguments: str, names: tuple[str, ...]) -> Call:
        return Call(here | file, environ, arguments, refused=names)

    trees_of, typed = {"n_estimators": trees}, ("--n-estimators", str(fewest))
    wished = {"PIPELINE_N_ESTIMATORS": str(fewer)}
    bad = refuses({}, {"PIPELINE_TEST_SIZE": "7"}, "--n-estimators", "0",
                  names=("n_estimators", "test_size"))  # fmt: skip
    return {
        "defaults": (gives({}, {}, **DEFAULTS),),
        "file": (gives(trees_of, {}, **trees_of), gives({"test_size": share}, {}, test_size=share)),
        "environment": (
            gives(trees_of, wished, n_estimators=fewer),
            gives(trees_of, {"PIPELINE_N_ESTIMATORS": ""}, **trees_of),
            gives({}, {"PIPELINE_TEST_SIZE": str(share), "N_ESTIMATORS": "5"}, test_size=share),
        ),
        "command_line": (
            gives(trees_of, wished, *typed, n_estimators=fewest),
            gives(trees_of, {}, "--test-size", str(share), **trees_of, test_size=share),
        ),
        "refuses": (
            refuses({}, {}, "--n-estimators", "0", names=("n_estimators",)),
            refuses({"test_size": draw.randint(2, 9)}, {}, names=("test_size",)),
            refuses({}, {"PIPELINE_N_ESTIMATORS": "many"}, names=("n_estimators",)),
            Call({"n_estimators": trees}, {}, (), refused=("data_source",)),
        ),
        "unknown": (refuses({"n_estimator": trees}, {}, names=("n_estimator",)),),
        "all_at_once": (bad,),
    }
