"""What is asked and how it is judged: one folder an exercise, see `registry` for what it holds.

Folders named in $WORKBENCH_EXERCISES hold more exercises and are part of this package, so that
`workbench.exercises.NAME.judge` is imported from there like any other.
"""

import os

ELSEWHERE = "WORKBENCH_EXERCISES"
__path__ += [
    os.path.abspath(path) for path in os.environ.get(ELSEWHERE, "").split(os.pathsep) if path
]
