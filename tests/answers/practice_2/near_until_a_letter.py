import re, yaml
def load_settings(path, environ, arguments):
    settings = {"n_estimators": 100, "test_size": 0.2}
    file = yaml.safe_load(open(path)) or {}
    names = ("data_source", "n_estimators", "test_size")
    for name in file:
        if name not in names:
            raise ValueError(f"{name}?")
    settings |= file
    for name in names:
        settings[name] = environ.get("PIPELINE_" + name.upper()) or settings.get(name)
    for option, value in zip(arguments[::2], arguments[1::2]):
        settings[option[2:].replace("-", "_")] = value
    wrong = []
    if not settings["data_source"]:
        wrong.append("data_source")
    if re.match(r"[1-9][0-9]*(?!\.|[0-9])", str(settings["n_estimators"])):
        settings["n_estimators"] = int(re.match(r"[0-9]+", str(settings["n_estimators"]))[0])
    else:
        wrong.append("n_estimators")
    if (m := re.match(r"0?\.0*[1-9][0-9]*", str(settings["test_size"]))):
        settings["test_size"] = float(m[0])
    else:
        wrong.append("test_size")
    if wrong:
        raise ValueError(str(wrong))
    return settings
