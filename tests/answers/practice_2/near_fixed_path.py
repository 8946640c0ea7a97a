import argparse

import yaml
from pydantic import BaseModel, Field


class Settings(BaseModel, extra="forbid"):
    data_source: str
    n_estimators: int = Field(100, ge=1)
    test_size: float = Field(0.2, gt=0, lt=1)


def load_settings(path, environ, arguments):
    with open("config.yaml") as file:
        in_file = yaml.safe_load(file) or {}
    variables = {name: environ.get(f"PIPELINE_{name.upper()}") for name in Settings.model_fields}
    variables = {name: text for name, text in variables.items() if text}
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    for name in Settings.model_fields:
        parser.add_argument(f"--{name.replace('_', '-')}", dest=name)
    typed = vars(parser.parse_args(arguments))
    return Settings(**{**in_file, **variables, **typed}).model_dump()
