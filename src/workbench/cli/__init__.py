"""The command line: ``workbench …``. A mistake ends in one clear line on stderr and exit code 2."""

# Importing a module of commands makes them known to the application.
from workbench.cli import (
    cohort,
    course,
    feedback,
    folder,
    judging,
    lab,
    machine,
    pictures,
    pipelines,
    proving,
    stepping,
)
from workbench.cli.app import arrange, main

arrange()

__all__ = [
    "cohort",
    "course",
    "feedback",
    "folder",
    "judging",
    "lab",
    "machine",
    "main",
    "pictures",
    "pipelines",
    "proving",
    "stepping",
]
