"""Plugins of a project: timetables, priority weights, macros that its DAGs name."""

from pathlib import Path
from typing import Any

from workbench.engines.members import members_of

_PLUGINS = "registering the plugins beside a DAG; without them it is refused"
MEMBERS = (
    *members_of(
        "airflow.plugins_manager",
        _PLUGINS,
        _get_plugins="",
        _load_plugins_from_plugin_directory="plugins_folder load_examples example_plugins_module",
    ),
    *members_of("airflow.sdk.plugins_manager", _PLUGINS, _get_plugins=""),
)
_EXAMPLES = "airflow.example_dags.plugins"  # whose modules are called by the name of the package


def register(folder: Path) -> dict[str, str]:
    """Let Airflow load the plugins in a folder, and know them from now on in the place of others
    of their names; give file → why, for those that cannot be loaded.

    An Airflow has one such folder, which it reads once. Here each project has its own, and may be
    read again with other code in it.
    """
    from airflow import plugins_manager
    from airflow.sdk import plugins_manager as of_tasks

    examples = folder.parts[-3:] == tuple(_EXAMPLES.split("."))
    plugins, errors = plugins_manager._load_plugins_from_plugin_directory(
        plugins_folder=str(folder / "none" if examples else folder),
        load_examples=examples,
        example_plugins_module=_EXAMPLES,
    )
    for manager in (plugins_manager, of_tasks):
        known, _ = manager._get_plugins()
        known[:] = [one for one in known if one.name not in {new.name for new in plugins}]
        known += plugins
        _forget_views(manager)
    return errors


def _forget_views(manager: Any) -> None:
    """What was gathered from the plugins by kind is gathered again."""
    for name, function in vars(manager).items():
        if name != "_get_plugins" and hasattr(function, "cache_clear"):
            function.cache_clear()
