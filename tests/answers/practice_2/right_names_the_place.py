import yaml

OPTIONS = {
    "data_source": ("--data-source", "PIPELINE_DATA_SOURCE", str),
    "n_estimators": ("--n-estimators", "PIPELINE_N_ESTIMATORS", int),
    "test_size": ("--test-size", "PIPELINE_TEST_SIZE", float),
}


class SettingsError(ValueError):
    """What is wrong, in the words of the place that it comes from."""


def whole(value):
    if isinstance(value, float):
        raise ValueError(value)
    return int(value)


def load_settings(path, environ, arguments):
    with open(path) as file:
        in_file = yaml.safe_load(file)
    in_file = {} if in_file is None else in_file
    settings = {"n_estimators": 100, "test_size": 0.2}
    errors = [f"{path}: {name}?" for name in in_file if name not in OPTIONS]
    for name, (option, variable, kind) in OPTIONS.items():
        place, value = name, in_file.get(name)
        if environ.get(variable):
            place, value = variable, environ[variable]
        if option in arguments:
            place, value = option, arguments[arguments.index(option) + 1]
        if value is None:
            if name == "data_source":
                errors.append(f"give {option}, {variable} or {name} in {path}")
            continue
        try:
            value = settings[name] = (whole if kind is int else kind)(value)
        except ValueError:
            errors.append(f"{place}={value!r} is no {kind.__name__}")
            continue
        if name == "n_estimators" and value < 1:
            errors.append(f"{place}={value} is less than 1")
        if name == "test_size" and not 0 < value < 1:
            errors.append(f"{place}={value} is no share of rows")
    if errors:
        raise SettingsError("; ".join(errors))
    return settings
