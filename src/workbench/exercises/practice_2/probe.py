"""Calls `load_settings` with a file, an environment and arguments, and tells what came back."""

from pathlib import Path

from workbench.sandbox.channel import Channel, load


def observe(source: str, given: dict, channel: Channel) -> None:
    """given: file, the text of config.yaml; environ, a dictionary; arguments, a list of words."""
    Path("config.yaml").write_text(given["file"], encoding="utf-8")
    load_settings = load(source).load_settings
    try:
        settings = load_settings("config.yaml", given["environ"], given["arguments"])
    except ValueError as error:
        channel.tell(refused=str(error)[:5000])
        return
    channel.tell(settings={str(name): value for name, value in dict(settings).items()})
