import re

KINDS = {"data_source": str, "n_estimators": int, "test_size": float}
def load_settings(path, environ, arguments):
    settings = {"n_estimators": 100, "test_size": 0.2}
    for line in open(path):
        line = line.split("#")[0].strip()
        if line:
            name, value = line.split(":")
            if name not in KINDS:
                raise ValueError(f"unknown setting {name}")
            settings[name] = value.strip().strip('"')
    for name in KINDS:
        if environ.get("PIPELINE_" + name.upper()):
            settings[name] = environ["PIPELINE_" + name.upper()]
    for at, word in enumerate(arguments):
        if word.startswith("--"):
            settings[word[2:].replace("-", "_")] = arguments[at + 1]
    wrong = []
    if "data_source" not in settings:
        wrong.append("data_source is missing")
    if str(settings["n_estimators"]).isdigit() and int(settings["n_estimators"]) > 0:
        settings["n_estimators"] = int(settings["n_estimators"])
    else:
        wrong.append("n_estimators is no whole number from 1")
    text = str(settings["test_size"])
    if re.fullmatch(r"0[.][0-9]+", text) and float(text):
        settings["test_size"] = float(settings["test_size"])
    else:
        wrong.append("test_size is not between 0 and 1")
    if wrong:
        raise ValueError("; ".join(wrong))
    return settings
