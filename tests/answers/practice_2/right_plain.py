import yaml

DEFAULTS = {"n_estimators": 100, "test_size": 0.2}
KINDS = {"data_source": str, "n_estimators": int, "test_size": float}


def load_settings(path, environ, arguments):
    settings = dict(DEFAULTS)
    with open(path) as file:
        settings.update(yaml.safe_load(file) or {})
    for name in KINDS:
        text = environ.get("PIPELINE_" + name.upper(), "")
        if text != "":
            settings[name] = text
    for option, text in zip(arguments[::2], arguments[1::2]):
        settings[option[2:].replace("-", "_")] = text
    wrong = [name for name in settings if name not in KINDS]
    if "data_source" not in settings:
        wrong.append("data_source")
    for name in KINDS:
        try:
            if name in settings:
                settings[name] = KINDS[name](str(settings[name]))
        except ValueError:
            wrong.append(name)
    if "n_estimators" not in wrong and settings["n_estimators"] < 1:
        wrong.append("n_estimators")
    if "test_size" not in wrong and not 0 < settings["test_size"] < 1:
        wrong.append("test_size")
    if wrong:
        raise ValueError("these settings are wrong: " + ", ".join(wrong))
    return settings
