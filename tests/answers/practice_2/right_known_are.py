import argparse
import difflib
from pathlib import Path

import yaml

KINDS = {"data_source": str, "n_estimators": int, "test_size": float}
RULES = {"n_estimators": lambda number: number >= 1, "test_size": lambda part: 0 < part < 1}


def load_settings(path, environ, arguments):
    parser = argparse.ArgumentParser()
    for name in KINDS:
        parser.add_argument("--" + name.replace("_", "-"), default=None)
    typed = vars(parser.parse_args(arguments))
    found = {"n_estimators": 100, "test_size": 0.2}
    found |= yaml.safe_load(Path(path).read_text()) or {}
    for name in KINDS:
        last = typed[name] or environ.get("PIPELINE_" + name.upper())
        if last:
            found[name] = last
    problems = []
    for name in found.keys() - KINDS.keys():
        meant = difflib.get_close_matches(name, KINDS, 1)
        problems.append(f"{path}: {name} is unknown, did you mean {' or '.join(meant or KINDS)}?")
    if "data_source" not in found:
        others = ", ".join(found)
        problems.append(f"data_source is missing (given are {others})")
    for name in KINDS.keys() & found.keys():
        try:
            found[name] = KINDS[name](str(found[name]))
            if not RULES.get(name, bool)(found[name]):
                problems.append(f"{name} = {found[name]} is out of bounds")
        except ValueError:
            problems.append(f"{name} = {found[name]} is no {KINDS[name].__name__}")
    if problems:
        raise ValueError("\n".join(problems))
    return found
