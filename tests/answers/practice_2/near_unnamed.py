import argparse

import yaml

NAMES = ("data_source", "n_estimators", "test_size")


def load_settings(path, environ, arguments):
    with open(path) as file:
        in_file = yaml.safe_load(file) or {}
    variables = {name: environ.get("PIPELINE_" + name.upper()) for name in NAMES}
    variables = {name: text for name, text in variables.items() if text}
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    for name in NAMES:
        parser.add_argument("--" + name.replace("_", "-"))
    typed = vars(parser.parse_args(arguments))
    settings = {"n_estimators": 100, "test_size": 0.2, **in_file, **variables, **typed}
    wrong = [f"{name} is unknown" for name in in_file if name not in NAMES]
    if "data_source" not in settings:
        wrong.append("data_source is missing")
    trees = settings["n_estimators"]
    try:
        settings["n_estimators"] = int(trees)
        if isinstance(trees, float) or int(trees) < 1:
            wrong.append("n_estimators has to be a whole number from 1 on")
    except ValueError:
        wrong.append("n_estimators is no number")
    try:
        settings["test_size"] = float(settings["test_size"])
        if not 0 < settings["test_size"] < 1:
            wrong.append("test_size has to be between 0 and 1")
    except ValueError:
        wrong.append("test_size is no number")
    if wrong:
        raise ValueError(f"{len(wrong)} settings are wrong")
    return settings
