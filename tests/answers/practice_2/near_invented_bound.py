import yaml


def load_settings(path, environ, arguments):
    s = {"n_estimators": 100, "test_size": 0.2, **(yaml.safe_load(open(path)) or {})}
    for k in ("data_source", "n_estimators", "test_size"):
        if environ.get("PIPELINE_" + k.upper()):
            s[k] = environ["PIPELINE_" + k.upper()]
    for a, b in zip(arguments[::2], arguments[1::2]):
        s[a[2:].replace("-", "_")] = b

    errs = [f"{k} unknown" for k in s if k not in ("data_source", "n_estimators", "test_size")]
    if not isinstance(s.get("data_source"), str):
        errs.append("data_source")
    try:
        n = int(str(s["n_estimators"]))
        if not 1 <= n <= 500:
            raise ValueError
    except (ValueError, TypeError, OverflowError):
        errs.append("n_estimators")
    try:
        t = float(str(s["test_size"]))
        if not 0 < t < 1:
            raise ValueError
    except (ValueError, TypeError):
        errs.append("test_size")
    if errs:
        raise ValueError("bad: " + ", ".join(errs))
    return {"data_source": s["data_source"], "n_estimators": n, "test_size": t}
