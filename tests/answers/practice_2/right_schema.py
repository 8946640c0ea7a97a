import argparse
import math

import yaml
from jsonschema import Draft202012Validator

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["data_source"],
    "properties": {
        "data_source": {"type": "string"},
        "n_estimators": {"type": "integer", "minimum": 1},
        "test_size": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    },
}


def number(text):
    for kind in (int, float):
        try:
            value = kind(text)
            return value if math.isfinite(value) else text
        except ValueError:
            pass
    return text


def load_settings(path, environ, arguments):
    parser = argparse.ArgumentParser()
    settings = {"n_estimators": 100, "test_size": 0.2}
    with open(path) as file:
        settings |= yaml.safe_load(file) or {}
    for name in SCHEMA["properties"]:
        kind = str if name == "data_source" else number
        text = environ.get(f"PIPELINE_{name.upper()}", "")
        if text.strip():
            settings[name] = kind(text)
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind)
    typed = vars(parser.parse_args(arguments))
    settings |= {name: value for name, value in typed.items() if value is not None}
    if settings["test_size"] != settings["test_size"]:
        settings["test_size"] = "nan"
    errors = [
        f"{'.'.join(error.path) or 'settings'}: {error.message}"
        for error in Draft202012Validator(SCHEMA).iter_errors(settings)
    ]
    if errors:
        raise ValueError("; ".join(errors))
    return settings
