import click
import yaml

KINDS = {"data_source": str, "n_estimators": int, "test_size": float}


@click.command()
@click.option("--data-source")
@click.option("--n-estimators")
@click.option("--test-size")
def command(**options):
    return {name: text for name, text in options.items() if text is not None}


def load_settings(path, environ, arguments):
    with open(path) as file:
        settings = {"n_estimators": 100, "test_size": 0.2} | (yaml.safe_load(file) or {})
    settings |= {
        name[9:].lower(): text
        for name, text in environ.items()
        if name.startswith("PIPELINE_") and text
    }
    settings |= command.main(list(arguments), standalone_mode=False)
    bad = [name for name in settings if name not in KINDS]
    for name, kind in KINDS.items():
        try:
            value = kind(settings[name])
            whole = value == settings[name] or isinstance(settings[name], str)
            if name == "n_estimators" and not (whole and value >= 1):
                bad.append(name)
            if name == "test_size" and not 0 < value < 1:
                bad.append(name)
            settings[name] = value
        except (KeyError, ValueError, TypeError):
            bad.append(name)
    if bad:
        raise ValueError(f"not usable: {', '.join(bad)}")
    return settings
