"""The process in which anybody's files are read, one after another.

`python -m workbench.catalog.reading PARENT FD` reads a path a line on its input, and writes a line
of JSON for each to the descriptor FD: the rows of that file.
"""

import json
import os
import sys
from pathlib import Path

from workbench import workspace
from workbench.capture import one_line
from workbench.catalog.entry import Entry, described
from workbench.engines.files import things_in
from workbench.engines.local.child import end_with
from workbench.engines.reading import listed
from workbench.graph import PipelineError


def rows_of(file: Path) -> list[Entry]:
    """What a file holds; the one row of a file that cannot be read says why."""
    try:
        return [described(file, name, thing) for name, thing in things_in(file).items()]
    except PipelineError as error:
        return [Entry(str(file), error=str(error))]
    except BaseException as error:  # of an engine that stumbles over what it reads
        return [Entry(str(file), error=f"{file}: {one_line(error)}")]


def main(parent: str, answers: str) -> None:
    end_with(int(parent))
    listed.set(True)
    workspace.start()  # what the files write goes there
    asked = os.fdopen(os.dup(0), encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # a file that asks hears nothing
    with asked, os.fdopen(int(answers), "w", encoding="utf-8") as out:
        for line in asked:
            rows = [row.as_json() for row in rows_of(Path(line.rstrip("\n")))]
            print(json.dumps(rows), file=out, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
