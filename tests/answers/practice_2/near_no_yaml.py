import argparse
from pydantic import BaseModel, Field


class M(BaseModel, extra="forbid"):
    data_source: str
    n_estimators: int = Field(100, ge=1)
    test_size: float = Field(0.2, gt=0, lt=1)


def load_settings(path, environ, arguments):
    settings = {}
    for line in open(path):
        if ":" in line:
            k, v = line.split(":", 1)
            settings[k.strip()] = v.strip().strip('"')
    for k in M.model_fields:
        if environ.get("PIPELINE_" + k.upper()):
            settings[k] = environ["PIPELINE_" + k.upper()]
    p = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    for k in M.model_fields:
        p.add_argument("--" + k.replace("_", "-"))
    settings.update(vars(p.parse_args(arguments)))
    return M(**settings).model_dump()
