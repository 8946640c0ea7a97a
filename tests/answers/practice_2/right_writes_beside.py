import yaml

NAMES = ("data_source", "n_estimators", "test_size")

from functools import reduce


def load_settings(path, environ, arguments):
    with open(path) as f:
        file = yaml.safe_load(f) or {}
    env = {
        n: environ["PIPELINE_" + n.upper()]
        for n in NAMES
        if environ.get("PIPELINE_" + n.upper(), "") != ""
    }
    it = iter(arguments)
    cli = {k.removeprefix("--").replace("-", "_"): v for k, v in zip(it, it)}
    s = reduce(lambda a, b: a | b, [{"n_estimators": 100, "test_size": 0.2}, file, env, cli])
    bad = [f"{k}: unknown setting" for k in file if k not in NAMES]
    if not s.get("data_source"):
        bad.append("data_source: missing")
    try:
        if (
            float(s["n_estimators"]) != int(float(s["n_estimators"]))
            or int(float(s["n_estimators"])) < 1
        ):
            raise ValueError
        s["n_estimators"] = int(float(s["n_estimators"]))
    except (ValueError, OverflowError):
        bad.append(f"n_estimators: {s['n_estimators']!r} is no whole number from 1 on")
    try:
        s["test_size"] = float(s["test_size"])
        if not 0 < s["test_size"] < 1:
            raise ValueError
    except ValueError:
        bad.append(f"test_size: {s['test_size']!r} is not between 0 and 1")
    if bad:
        raise ValueError("; ".join(bad))
    import os

    with open(os.path.join(os.path.dirname(path), "effective.yaml"), "w") as f:
        yaml.safe_dump(s, f)
    return s
