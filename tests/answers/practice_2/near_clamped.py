import argparse
import yaml

KNOWN = {"data_source": str, "n_estimators": int, "test_size": float}


def load_settings(path, environ, arguments):
    said = {"n_estimators": 100, "test_size": 0.2}
    with open(path) as file:
        given = yaml.safe_load(file) or {}
    wrong = [f"unknown {name}" for name in given if name not in KNOWN]
    said.update({k: v for k, v in given.items() if k in KNOWN})
    for name in KNOWN:
        text = environ.get("PIPELINE_" + name.upper())
        if text:
            said[name] = text
    parser = argparse.ArgumentParser()
    for name in KNOWN:
        parser.add_argument("--" + name.replace("_", "-"))
    said.update({k: v for k, v in vars(parser.parse_args(arguments)).items() if v is not None})
    try:
        trees = float(said["n_estimators"])
        if trees < 1 or trees != int(trees):
            raise ValueError
        said["n_estimators"] = min(int(trees), 100)          # never more than the default
    except (ValueError, OverflowError):
        wrong.append("n_estimators")
    try:
        share = float(said["test_size"])
        if not 0 < share < 1:
            raise ValueError
        said["test_size"] = max(round(share, 2), 0.01)       # full percents only
    except ValueError:
        wrong.append("test_size")
    if "data_source" not in said:
        wrong.append("data_source")
    if wrong:
        raise ValueError("; ".join(wrong))
    said["data_source"] = str(said["data_source"])
    return said
