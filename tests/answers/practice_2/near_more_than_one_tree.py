import argparse, yaml, os
from pydantic import BaseModel, Field, ValidationError


class M(BaseModel, extra="forbid"):
    data_source: str
    n_estimators: int = Field(100, gt=1)
    test_size: float = Field(0.2, gt=0, lt=1)


NAMES = list(M.model_fields)


def from_file(path):
    with open(path) as f:
        return yaml.safe_load(f) or {}


def from_env(environ):
    return {
        k: environ["PIPELINE_" + k.upper()] for k in NAMES if environ.get("PIPELINE_" + k.upper())
    }


def from_args(arguments):
    p = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    for k in NAMES:
        p.add_argument("--" + k.replace("_", "-"))
    return vars(p.parse_args(arguments))


def load_settings(path, environ, arguments):
    return M(**(from_file(path) | from_env(environ) | from_args(arguments))).model_dump()
