import yaml, argparse, pathlib
from pydantic import BaseModel, Field


class M(BaseModel, extra="forbid"):
    data_source: str
    n_estimators: int = Field(100, ge=1)
    test_size: float = Field(0.2, gt=0, lt=1)


def load_settings(path, environ, arguments):
    data = yaml.safe_load(open(path)) or {}
    data |= {
        k: environ["PIPELINE_" + k.upper()]
        for k in M.model_fields
        if environ.get("PIPELINE_" + k.upper())
    }
    p = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    for k in M.model_fields:
        p.add_argument("--" + k.replace("_", "-"))
    data |= vars(p.parse_args(arguments))
    return M(**data).model_dump()


pathlib.Path("config.yaml").write_text("data_source: sales.csv\nn_estimators: 300\n")
print(load_settings("config.yaml", {}, ["--n-estimators", "50"]))
