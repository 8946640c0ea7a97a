"""JupyterLab, opened on one notebook."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import typer

from workbench.cli.app import HOME, app, writing
from workbench.graph import PipelineError


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context) -> None:
    """Open the start page in JupyterLab; what follows is passed on to it."""
    from workbench import workspace
    from workbench.course.trust import trust

    root, page = workspace.project(), "notebooks/0-start-here.ipynb"
    if root is None:
        raise PipelineError(
            f"{Path.cwd()}: no notebooks here; change into the course's folder, or make one: "
            "workbench new FOLDER"
        )
    with writing(HOME):
        notary = trust(root, workspace.home())
    trusted = {f"NotebookNotary.{name}": path for name, path in notary.items()}
    open_lab(root, page, trusted, context.args)


def open_lab(
    root: Path, page: str, more: Mapping[str, Any] | None = None, arguments: Sequence[str] = ()
) -> NoReturn:
    """Become JupyterLab, which opens the notebook ``page`` of the folder ``root``."""
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.root_dir": root,
        "LabApp.default_url": f"/lab/tree/{page}",
        "LabApp.app_settings_dir": Path(__file__).parent.with_name("lab_settings"),
        "LabApp.extension_manager": "readonly",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        **(more or {}),
    }
    own = {argument.partition("=")[0] for argument in arguments}
    line = [f"--{name}={value}" for name, value in options.items() if f"--{name}" not in own]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        line.append("--allow-root")
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *line, *arguments])
