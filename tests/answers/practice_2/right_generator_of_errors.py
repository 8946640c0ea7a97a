import yaml

NAMES = ("data_source", "n_estimators", "test_size")


def errors(s, file):
    for k in file:
        if k not in NAMES:
            yield f"{k}: no such setting"
    if not isinstance(s.get("data_source"), str):
        yield "data_source: text wanted"
    try:
        ok = int(str(s["n_estimators"])) >= 1
    except ValueError:
        ok = False
    if not ok:
        yield "n_estimators: whole, 1 and more"
    try:
        ok = 0 < float(str(s["test_size"])) < 1
    except ValueError:
        ok = False
    if not ok:
        yield "test_size: between 0 and 1"


def load_settings(path, environ, arguments):
    with open(path, "rb") as f:
        file = yaml.safe_load(f) or {}
    s = dict(n_estimators=100, test_size=0.2) | file
    for n in NAMES:
        s[n] = environ.get("PIPELINE_" + n.upper()) or s.get(n)
    for o, v in zip(*[iter(arguments)] * 2):
        s[o[2:].replace("-", "_")] = v
    if e := list(errors(s, file)):
        raise ValueError("\n".join(e))
    return {
        "data_source": s["data_source"],
        "n_estimators": int(s["n_estimators"]),
        "test_size": float(s["test_size"]),
    }
