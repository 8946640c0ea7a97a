"""Where modules are found that are imported beside an answer.

As another user, from an installation that lies where only root may enter: without a small root a
path through root's home is closed to an answer; a descriptor opened before is not, and what lies
below it is for everybody to read.
"""

import os
import sys
from pathlib import Path

DESCRIPTORS = "/proc/self/fd/"


def anchor(*prefixes: str) -> None:
    """Let modules below these folders be found through a descriptor, where no other way is open."""
    for prefix in dict.fromkeys(prefixes):
        if all(parent.stat().st_mode & 0o1 for parent in Path(prefix).parents):
            continue
        through = f"{DESCRIPTORS}{os.open(prefix, os.O_PATH)}"
        packages = [vars(module).get("__path__") for module in list(sys.modules.values())]
        for paths in (sys.path, *(paths for paths in packages if isinstance(paths, list))):
            paths[:] = [
                through + path.removeprefix(prefix) if Path(path).is_relative_to(prefix) else path
                for path in paths
            ]


def import_nothing_from(home: str) -> None:
    """Find no module where an answer could have put one: in its own folder, and where there is no
    folder now. Who observes an answer imports, too, and would run it."""
    device = os.stat(home).st_dev
    sys.path[:] = [
        path
        for path in filter(os.path.exists, sys.path)
        # What is shown of the machine may lie there as well, on another device.
        if not Path(path).is_relative_to(home) or os.stat(path).st_dev != device
    ]


def anchors() -> set[int]:
    """The descriptors through which modules are found."""
    return {
        int(path.removeprefix(DESCRIPTORS).partition("/")[0])
        for path in sys.path
        if path.startswith(DESCRIPTORS)
    }
