from collections import ChainMap
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import yaml


@dataclass
class Settings:
    data_source: str
    n_estimators: int = 100
    test_size: float = 0.2

    def __post_init__(self):
        problems = []
        try:
            self.n_estimators = int(str(self.n_estimators))
            assert self.n_estimators >= 1
        except (ValueError, AssertionError):
            problems.append(f"n_estimators: 1, 2, 3 …, not {self.n_estimators!r}")
        try:
            self.test_size = float(self.test_size)
            assert 0 < self.test_size < 1
        except (ValueError, AssertionError):
            problems.append(f"test_size: between 0 and 1, not {self.test_size!r}")
        if problems:
            raise ValueError("\n".join(problems))


def load_settings(path, environ, arguments):
    names = [field.name for field in fields(Settings)]
    file = yaml.safe_load(Path(path).read_text()) or {}
    variables = {}
    for name in names:
        if text := environ.get(f"PIPELINE_{name}".upper()):
            variables[name] = text
    words = iter(arguments)
    typed = {word.lstrip("-").replace("-", "_"): next(words) for word in words}
    if unknown := sorted(set(file) - set(names)):
        raise ValueError(f"unknown settings in {path}: {', '.join(unknown)}")
    settings = ChainMap(typed, variables, file)
    if "data_source" not in settings:
        raise ValueError("the setting data_source has to be given")
    return asdict(Settings(**settings))
