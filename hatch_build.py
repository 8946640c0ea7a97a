"""A wheel holds the course: the notebooks, and each solution beside its exercise."""

from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Course(BuildHookInterface):
    """An editable install has none of it twice; what learners are handed has no notebooks."""

    def initialize(self, version, build_data):
        if version == "editable":
            return
        root, inside = Path(self.root), build_data["force_include"]
        for path in root.glob("notebooks/*.ipynb"):
            inside[str(path)] = f"workbench/shipped/notebooks/{path.name}"
        for path in root.glob("solutions/*.ipynb"):
            inside[str(path)] = f"workbench/exercises/{path.stem}/solution.ipynb"
