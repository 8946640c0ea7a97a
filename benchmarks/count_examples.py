"""How public examples fare: each thing of each file is run, for at most 90 s, in a process of its
own, and counted by what came of it.

`python benchmarks/count_examples.py PATH… [--out FILE]`, where a path is a file or a folder;
`airflow` stands for the example DAGs of the installed packages. `--table NAME=FILE…` makes the
table of the README of what `--out` has written.
right: success. refused: one line before anything has run. asks: it waits for a person. own: what
failed has raised, asserted or exited itself, as its author wrote it. network: it asks for
something that this machine cannot reach. failed: tasks failed otherwise, to be judged by a reader.
unclear: more than a line, or an error that is not ours. stopped: still running after 90 s.
endless: even stopping did not end it.
"""

import argparse
import importlib.util
import json
import linecache
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LIMIT = 90  # seconds for a thing
KINDS = ["right", "refused", "asks", "own", "network", "stopped", "failed", "unclear", "endless"]
NETWORK = (
    "resolve host|resolution|Name or service not known|Network is unreachable|Max retries|"
    "a gs:// URL|locate credentials"
)
WRITTEN = r"\bexit\b|return (Failed|Cancelled|Crashed)\("  # how a source says that it fails
LATE = "Scope timed out after"  # in the time that its author gives a flow
TEMPLATES = os.environ.get("WORKBENCH_TEMPLATES") or tempfile.mkdtemp()  # of databases


def told(file: Path) -> None:
    """Print a line of JSON for each thing of a file: its name, what came of it, and why."""
    from workbench import PipelineError, start, things_in

    start()
    try:
        things = things_in(file)
    except PipelineError as error:
        print(json.dumps(["", _refused(error), str(error)]), flush=True)
        return
    for name, thing in things.items():
        begun = time.monotonic()
        kind, why = _came_of(thing)
        print(json.dumps([name, kind, why, round(time.monotonic() - begun, 1)]), flush=True)


def _refused(error: Exception) -> str:
    return "unclear" if "\n" in str(error) or len(str(error)) > 400 else "refused"


def _came_of(thing: object) -> tuple[str, str]:
    from workbench import PipelineError, Run

    try:
        execution = Run(thing)
    except PipelineError as error:
        return _refused(error), str(error)
    except Exception as error:
        return "unclear", f"{type(error).__name__}: {error}"
    late = threading.Event()
    timer = threading.Timer(LIMIT, lambda: (late.set(), execution.stop()))
    timer.daemon = True
    timer.start()
    try:
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
    if not failed:  # the flow itself has
        trace = _trace(execution.engine)
        return _end(trace, ""), f"{why} {trace.strip().rpartition(chr(10))[2]}"
    ends = {_end(execution.log(task), execution.engine.source(task) or "") for task in failed}
    return (ends.pop() if len(ends) == 1 else "failed"), why


def _trace(engine: object) -> str:
    """The traceback of what a flow has raised beside its tasks."""
    try:
        engine.returned()
    except Exception:
        return traceback.format_exc()
    return ""


def _end(log: str, source: str) -> str:
    """How a task has failed: for want of a network; as its author wrote it, whose statement raises,
    asserts or exits; or otherwise."""
    if re.search(NETWORK, log):
        return "network"
    if LATE in log:
        return "own"
    places = re.findall(r'File "(.+)", line (\d+)', log)
    if not places:
        return "own" if re.search(WRITTEN, source) else "failed"
    file, line = places[-1]
    statement = linecache.getline(file, int(line)).strip()
    written = re.match(r"raise\b|assert\b|(sys\.)?exit\b", statement)
    return (
        "own"
        if written and not re.search("(site-packages|lib/python)(?!.*example)", file)
        else "failed"
    )


def counted(file: Path) -> list[list]:
    """The lines of a file, by a process of its own that is ended when it does not end."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        child = subprocess.Popen(
            [sys.executable, "-W", "ignore", __file__, "--one", str(file)],
            env={**os.environ, "WORKBENCH_HOME": scratch, "WORKBENCH_TEMPLATES": TEMPLATES},
            cwd=scratch,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            out, err = child.communicate(timeout=LIMIT * 8)
        except subprocess.TimeoutExpired:
            child.kill()
            out, err = child.communicate()
            return [*_lines(out), ["", "endless", ""]]
    rows = _lines(out)
    if child.returncode or not rows:
        rows.append(["", "unclear", err.strip()[-300:]])
    return rows


def _lines(out: str) -> list[list]:
    return [json.loads(line) for line in out.splitlines() if line.startswith('["')]


def table(sources: list[str]) -> str:
    """What stands in files that were written by ``--out``, each given as NAME=FILE, in Markdown."""
    lines = ["| examples | things | " + " | ".join(KINDS) + " |", "|---" * (len(KINDS) + 2) + "|"]
    for source in sources:
        name, _, file = source.partition("=")
        rows = [json.loads(line) for line in Path(file).read_text().splitlines()]
        kinds = Counter(row[2] for row in rows)
        lines.append(f"| {name} | {len(rows)} | " + " | ".join(str(kinds[k]) for k in KINDS) + " |")
    return "\n".join(lines)


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
    parser.add_argument("--one")
    parser.add_argument("--out", type=Path, default=Path("examples.jsonl"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--table", action="store_true")
    given = parser.parse_args()
    if given.table:
        sys.exit(print(table(given.paths)))
    if given.one:
        told(Path(given.one))
        sys.stdout.flush()
        os._exit(0)  # whatever a thing has left behind
    files = [file for path in given.paths for file in _examples(path)]
    kinds: Counter[str] = Counter()
    with given.out.open("w") as out, ThreadPoolExecutor(given.jobs) as pool:
        for file, rows in zip(files, pool.map(counted, files), strict=True):
            for row in rows:
                kinds[row[1]] += 1
                out.write(json.dumps([str(file), *row]) + "\n")
                out.flush()
    print(len(files), "files", dict(kinds))
