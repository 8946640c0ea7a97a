import argparse

import yaml


def load_settings(path, environ, arguments):
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    settings = {"n_estimators": 100, "test_size": 0.2}
    with open(path) as file:
        settings.update(yaml.safe_load(file) or {})
    for name in ("data_source", "n_estimators", "test_size"):
        parser.add_argument("--" + name.replace("_", "-"))
        text = environ.get("PIPELINE_" + name.upper())
        if text:
            settings[name] = text
    settings.update(vars(parser.parse_args(arguments)))
    unknown = set(settings) - {"data_source", "n_estimators", "test_size"}
    if unknown:
        raise ValueError(f"no settings of this program: {sorted(unknown)}")
    if "data_source" not in settings:
        raise ValueError("data_source is missing")
    try:
        trees, share = int(str(settings["n_estimators"])), float(settings["test_size"])
    except ValueError:
        trees = share = 0
    if trees < 1 or not 0 < share < 1:
        raise ValueError("n_estimators or test_size is out of bounds")
    return settings | {"n_estimators": trees, "test_size": share}
