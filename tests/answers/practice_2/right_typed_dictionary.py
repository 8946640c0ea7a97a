import yaml
NAMES = ("data_source", "n_estimators", "test_size")

from typing import Annotated
from typing_extensions import TypedDict, NotRequired
from pydantic import TypeAdapter, Field, ConfigDict
class S(TypedDict):
    __pydantic_config__ = ConfigDict(extra="forbid")
    data_source: str
    n_estimators: Annotated[int, Field(ge=1)]
    test_size: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
A = TypeAdapter(S)
def load_settings(path, environ, arguments):
    s = {"n_estimators": 100, "test_size": 0.2}
    s.update(yaml.safe_load(open(path)) or {})
    for n in NAMES:
        if v := environ.get("PIPELINE_" + n.upper()): s[n] = v
    for o, v in zip(arguments[::2], arguments[1::2]): s[o.strip("-").replace("-", "_")] = v
    try:
        return A.validate_python(s)
    except Exception as e:
        raise ValueError(str(e)) from e
