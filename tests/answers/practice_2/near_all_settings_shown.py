import argparse

import yaml

NAMES = ("data_source", "n_estimators", "test_size")


def load_settings(path, environ, arguments):
    settings = {"n_estimators": 100, "test_size": 0.2}
    with open(path) as file:
        settings.update(yaml.safe_load(file) or {})
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    for name in NAMES:
        if environ.get("PIPELINE_" + name.upper()):
            settings[name] = environ["PIPELINE_" + name.upper()]
        parser.add_argument("--" + name.replace("_", "-"))
    settings.update(vars(parser.parse_args(arguments)))
    try:
        trees, share = settings["n_estimators"], float(settings["test_size"])
        fits = set(settings) == set(NAMES) and 0 < share < 1
        if not fits or isinstance(trees, float) or int(trees) < 1:
            raise ValueError
    except (KeyError, ValueError):
        raise ValueError(f"{settings} is wrong; there have to be {', '.join(NAMES)}") from None
    return settings | {"n_estimators": int(trees), "test_size": share}
