import yaml
KINDS = {"data_source": str, "n_estimators": int, "test_size": float}
def load_settings(path, environ, arguments):
    settings = {"n_estimators": 100, "test_size": 0.2}
    with open(path) as file:
        given = yaml.safe_load(file) or {}
    for name in given:
        if name not in KINDS:
            raise ValueError(f"unknown setting {name}")
    settings.update(given)
    for name in KINDS:
        text = environ.pop("PIPELINE_" + name.upper(), "")
        if text:
            settings[name] = text
    while arguments:
        name = arguments.pop(0).removeprefix("--").replace("-", "_")
        settings[name] = arguments.pop(0)
    wrong = []
    if "data_source" not in settings:
        wrong.append("data_source is missing")
    else:
        settings["data_source"] = str(settings["data_source"])
    try:
        settings["n_estimators"] = int(str(settings["n_estimators"]))
        assert settings["n_estimators"] >= 1
    except (ValueError, AssertionError):
        wrong.append("n_estimators is no whole number from 1")
    try:
        settings["test_size"] = float(settings["test_size"])
        assert 0 < settings["test_size"] < 1
    except (ValueError, AssertionError):
        wrong.append("test_size is not between 0 and 1")
    if wrong:
        raise ValueError("; ".join(wrong))
    return settings
