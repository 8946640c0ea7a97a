import yaml

DEFAULTS = {"n_estimators": 100, "test_size": 0.2}
NAMES = ("data_source", *DEFAULTS)


def whole(value):
    number = float(value)
    if not number.is_integer() or number < 1:
        raise ValueError(value)
    return int(number)


def share(value):
    number = float(value)
    if not 0 < number < 1:
        raise ValueError(value)
    return number


def load_settings(path, environ, arguments):
    with open(path) as file:
        said = yaml.safe_load(file) or {}
    wrong = [name for name in said if name not in NAMES]
    settings = DEFAULTS | {name: value for name, value in said.items() if name in NAMES}
    for name in NAMES:
        if text := environ.get(f"PIPELINE_{name.upper()}"):
            settings[name] = text
    for option, text in zip(arguments[::2], arguments[1::2]):
        settings[option.removeprefix("--").replace("-", "_")] = text
    if not settings.get("data_source"):
        wrong.append("data_source")
    for name, kind in (("n_estimators", whole), ("test_size", share)):
        try:
            settings[name] = kind(settings[name])
        except (TypeError, ValueError):
            wrong.append(name)
    if wrong:
        raise ValueError("wrong: " + ", ".join(wrong))
    return settings
