"""How public examples fare: each thing of each file is run, for at most 90 s, and counted by what
came of it. A file has a process of its own, forked from this one, which has imported the engines.

`python benchmarks/count_examples.py PATH… [--out FILE]`, where a path is a file or a folder;
`airflow` stands for the example DAGs of the installed packages. `--again stopped --limit 600` runs
those files anew of which `--out` says that something was stopped, for what only sleeps for long.
`--table NAME=FILE…` makes the table of the README of what `--out` has written.
right: success. as engine: it fails, and so it does with the same words by plain Prefect, or in the
same task by KFP's own local runner. refused: one line before anything has run. asks: it waits for a
person's word (a pause that only wants to be ended is). own: what failed has raised, asserted or
exited itself, as its author wrote it. network: it asks for
something that this machine cannot reach. failed: tasks failed otherwise, to be judged by a reader.
unclear: more than a line, or an error that is not ours. stopped: still running at the limit.
endless: even stopping did not end it.
"""

import argparse
import gc
import importlib.util
import json
import os
import select
import signal
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ends import end_of, fails_alike, traced

KINDS = [
    "right",
    "as engine",
    "refused",
    "asks",
    "own",
    "network",
    "stopped",
    "failed",
    "unclear",
    "endless",
]
ENGINES = ("airflow", "kubeflow", "prefect")


def told(file: Path, limit: float) -> Iterator[list]:
    """A row for each thing of a file: its name, what came of it, why, and the seconds it took."""
    from workbench import PipelineError, start, things_in

    start()
    try:
        things = things_in(file)
    except PipelineError as error:
        yield ["", _refused(error), str(error)]
        return
    for name, thing in things.items():
        begun = time.monotonic()
        kind, why = _came_of(thing, limit)
        yield [name, kind, why, round(time.monotonic() - begun, 1)]


def _refused(error: Exception) -> str:
    return "unclear" if "\n" in str(error) or len(str(error)) > 400 else "refused"


def _came_of(thing: object, limit: float) -> tuple[str, str]:
    from workbench import PipelineError, Run

    try:
        execution = Run(thing)
    except PipelineError as error:
        return _refused(error), str(error)
    except Exception as error:
        return "unclear", f"{type(error).__name__}: {error}"
    late = threading.Event()
    timer = threading.Timer(limit, lambda: (late.set(), execution.stop()))
    timer.daemon = True
    timer.start()
    try:
        execution.run_all()
        while not late.is_set() and (paused := _only_paused(execution)):
            execution.answer(paused)
            execution.run_all()
    except Exception as error:
        return "unclear", f"{type(error).__name__}: {error}"
    finally:
        timer.cancel()
        execution.close()
    record = execution.record
    states = record.states()
    failed = [task for task, state in states.items() if state == "failed"]
    errors = {task: record.error(task) for task in failed}
    if execution.questions:
        return "asks", ", ".join(execution.questions)
    if late.is_set():
        return "stopped", str(states)
    if record.state == "success":
        return "right", ""
    why = f"{record.state}: {errors}"
    if record.state != "failed":
        return "unclear", why
    if failed:
        ends = {end_of(execution.log(task), execution.engine.source(task) or "") for task in failed}
        end = ends.pop() if len(ends) == 1 else "failed"
    else:  # the flow itself has
        trace = traced(execution.engine)
        end, why = end_of(trace, ""), f"{why} {trace.strip().rpartition(chr(10))[2]}"
    same = end in ("own", "failed") and fails_alike(thing, record, failed)
    return ("as engine" if same else end), why


def _only_paused(execution: object) -> str | None:
    """A task that waits to be told to go on, and for no other word."""
    questions = execution.questions.items()
    plain = (task for task, one in questions if not (one.get("fields") or one.get("options")))
    return next(plain, None)


def warm(home: str) -> None:
    """Import the engines, as `start` would have it, for the processes that are forked from here."""
    from workbench.engines.registry import lost, specs

    os.environ.setdefault("WORKBENCH_TEMPLATES", f"{home}/templates")
    for name in ENGINES:
        spec = specs()[name]
        homes = {variable: f"{home}/{path}" for variable, path in spec.homes.items()}
        os.environ.update({**spec.settings, **homes})
        sys.modules.update(dict.fromkeys(spec.left_out))
        if trouble := lost(spec):  # imports all that the workbench uses of it
            sys.exit(trouble)
    gc.freeze()


@dataclass
class Child:
    """A process that tells of a file, in a folder of its own; ended when it comes no further."""

    file: Path
    limit: float
    folder: tempfile.TemporaryDirectory = field(
        default_factory=lambda: tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    )

    def __post_init__(self) -> None:
        self._rows, self._errors = (Path(self.folder.name, name) for name in ("rows", "errors"))
        self._pid = os.fork()
        if self._pid == 0:
            self._tell()
        self._end, self._size, self._ended = os.pidfd_open(self._pid), 0, False
        self._due()

    def _tell(self) -> None:
        """What the child does; whatever a thing has left behind ends with it."""
        os.chdir(self.folder.name)
        os.environ["WORKBENCH_HOME"] = self.folder.name
        for descriptor, path in enumerate((os.devnull, os.devnull, self._errors)):
            os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), descriptor)
        code = 1
        try:
            with self._rows.open("w", buffering=1) as out:
                for row in told(self.file, self.limit):
                    out.write(json.dumps(row) + "\n")
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    def _due(self) -> None:
        # of a thing: to end, be stopped, and be run by its engine alone
        self._until = time.monotonic() + 2 * self.limit + 360

    def fileno(self) -> int:
        return self._end

    def watch(self) -> None:
        """End it where it has told nothing new for too long."""
        if self._rows.exists() and (size := self._rows.stat().st_size) != self._size:
            self._size = size
            self._due()
        if time.monotonic() > self._until:
            os.kill(self._pid, signal.SIGKILL)
            self._ended = True

    def rows(self) -> list[list]:
        """What it has told, once it has ended."""
        _, status = os.waitpid(self._pid, 0)
        os.close(self._end)
        text = self._rows.read_text() if self._rows.exists() else ""
        rows = [json.loads(line) for line in text.splitlines()]
        if self._ended:
            rows.append(["", "endless", ""])
        elif status or not rows:
            error = self._errors.read_text(errors="replace") if self._errors.exists() else ""
            rows.append(["", "unclear", error.strip()[-300:]])
        self.folder.cleanup()
        return rows


def counted(files: list[Path], limit: float, jobs: int) -> Iterator[list]:
    """The rows of the files, each begun with its file, as their processes end."""
    waiting, running = files[::-1], []
    while waiting or running:
        while waiting and len(running) < jobs:
            running.append(Child(waiting.pop(), limit))
        ended, _, _ = select.select(running, [], [], 1)
        for child in ended:
            running.remove(child)
            yield from ([str(child.file), *row] for row in child.rows())
        for child in running:
            child.watch()


def table(sources: list[str]) -> str:
    """What stands in files that were written by ``--out``, each given as NAME=FILE, in Markdown:
    a column for each word that is needed."""
    counts = {}
    for source in sources:
        name, _, file = source.partition("=")
        counts[name] = Counter(row[2] for row in _read(Path(file)))
    kinds = [kind for kind in KINDS if any(count[kind] for count in counts.values())]
    lines = ["| examples | things | " + " | ".join(kinds) + " |", "|---" * (len(kinds) + 2) + "|"]
    for name, count in counts.items():
        numbers = " | ".join(str(count[kind]) for kind in kinds)
        lines.append(f"| {name} | {count.total()} | {numbers} |")
    return "\n".join(lines)


def _read(file: Path) -> list[list]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def _examples(path: str) -> list[Path]:
    if path == "airflow":
        root = Path(importlib.util.find_spec("airflow").submodule_search_locations[0])
        files = sorted(root.rglob("example_dags/**/*.py"))
    elif Path(path).is_dir():
        files = [file for file in sorted(Path(path).rglob("*")) if file.suffix in (".py", ".yaml")]
    else:
        files = [Path(path)]
    return [file.absolute() for file in files if file.name != "__init__.py"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--out", type=Path, default=Path("examples.jsonl"))
    parser.add_argument("--again", choices=KINDS)
    parser.add_argument("--limit", type=float, default=90, help="seconds for a thing")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--table", action="store_true")
    given = parser.parse_args()
    if given.table:
        sys.exit(print(table(given.paths)))
    earlier = _read(given.out) if given.again else []
    anew = {row[0] for row in earlier if row[2] == given.again}
    files = [Path(file) for file in sorted(anew)] or [
        file for path in given.paths for file in _examples(path)
    ]
    rows = [row for row in earlier if row[0] not in anew]
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        warm(home)
        for row in counted(files, given.limit, given.jobs):
            rows.append(row)
            given.out.write_text("".join(json.dumps(row) + "\n" for row in rows))
    print(len({row[0] for row in rows}), "files", dict(Counter(row[2] for row in rows)))
