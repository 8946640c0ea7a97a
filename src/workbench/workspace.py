"""Folders, engine homes, seed and quiet logs, set before any engine is imported; never in a real
home."""

import fcntl
import os
import random
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from workbench import extras, internals
from workbench.engines.registry import specs
from workbench.graph import PipelineError
from workbench.language import speak

COURSE = ".course.json"  # in a folder that the course was laid out in
NEEDED = "the workbench needs a folder to write to, set WORKBENCH_HOME to one"
KEEP = 10  # sessions of one notebook that stay on disk, beside those that are open

_QUIET = {"DO_NOT_TRACK": "1", "TQDM_DISABLE": "1"}  # of every library; an engine names its own

_session: Path | None = None
_seed: int | None = None
_left: Path | None = None  # the folder that ``start`` has moved out of


def home() -> Path:
    """Where the workbench writes: $WORKBENCH_HOME, or ``.workbench`` in the project that the
    current folder belongs to."""
    if chosen := os.environ.get("WORKBENCH_HOME"):
        return Path(chosen).absolute()
    return (project() or Path.cwd()) / ".workbench"


def templates() -> Path:
    """Where what is made once and copied is kept: $WORKBENCH_TEMPLATES, or ``templates`` in the
    workbench's home."""
    root = _session.parents[1] if _session else home()
    return Path(os.environ.get("WORKBENCH_TEMPLATES") or root / "templates").absolute()


def project() -> Path | None:
    """The project that the current folder belongs to, if it belongs to one."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        known = (folder / name for name in ("pyproject.toml", COURSE))
        if (folder / "notebooks").is_dir() and any(path.exists() for path in known):
            return folder
    return None


def start(seed: int | None = None, needs: Iterable[str] = (), language: str | None = None) -> Path:
    """Seed the generators and move into a working folder of this session's own; return the folder.

    Environment variables of the engines are set here, so this has to come before the first engine
    is imported. A second call changes the seed, if one is given, and nothing else. Raise
    PipelineError where the folder cannot be made, and where an extra that the notebook
    ``needs`` is not installed, or there are no words in the ``language``: "en" (unless another is
    asked for, LANG is not read), "de", "es".
    """
    if language is not None:
        speak(language)
    global _session, _seed, _left  # noqa: PLW0603 - a process has one working folder and one environment
    if seed is not None or _seed is None:
        _seed = 0 if seed is None else seed
        _sow(_seed)
    if _session is None:
        _session = _own_folder()
        _take(_session)
        for name, value in {**_QUIET, **_settings()}.items():
            os.environ.setdefault(name, value)
        os.environ.update(_homes(_session))
        for module in _left_out():  # None makes its import an ImportError
            sys.modules.setdefault(module, None)
        _left = Path.cwd()
        os.chdir(_session)
        _short_errors()
    extras.require(needs, "this notebook")
    return _session


def located(path: str | Path) -> Path:
    """The file that a path means: from the current folder, or from the one that ``start`` has moved
    out of, where a notebook's neighbours lie. In full where it is in neither."""
    here = Path.cwd() / path
    beside = _left / path if _left else here
    if here.exists():
        return Path(path)
    return beside if beside.exists() else here


def _own_folder() -> Path:
    try:
        return _new_session(home() / notebook())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PipelineError(f"{error.filename}: {reason}; {NEEDED}") from None


def _settings() -> dict[str, str]:
    return {name: value for spec in specs().values() for name, value in spec.settings.items()}


def _homes(session: Path) -> dict[str, str]:
    homes = {name: path for spec in specs().values() for name, path in spec.homes.items()}
    return {name: str(session / path) for name, path in homes.items()}


def _left_out() -> list[str]:
    return [module for spec in specs().values() for module in spec.left_out]


def _short_errors() -> None:
    """In a notebook, show a mistake of the learner's as its one line, and the import of what is not
    installed; it stays an error to whoever runs the cells."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and hasattr(shell, "set_custom_exc"):
        shell.set_custom_exc((PipelineError, ModuleNotFoundError), _show_in_a_line)


def _show_in_a_line(shell, kind, error, trace, tb_offset=None) -> None:
    """IPython's form of a handler of errors; what it returns would be the structured traceback."""
    remedy = extras.remedy_for(error)
    if remedy or isinstance(error, PipelineError):
        internals.show_error(shell, kind, error, f"workbench: {remedy or error}")
    else:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def seed() -> int | None:
    """The seed that ``start`` was given."""
    return _seed


def _sow(value: int) -> None:
    random.seed(value)
    if "numpy" in sys.modules or any(name in sys.modules for name in ("ipykernel", "pandas")):
        import numpy

        numpy.random.seed(value % 2**32)


def notebook() -> str:
    """The name of the notebook this kernel belongs to, where Jupyter tells."""
    return _slug(Path(os.environ.get("JPY_SESSION_NAME", "session")).stem)


def _slug(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name).strip("-.") or "run"


def _new_session(folder: Path) -> Path:
    session = _numbered(folder, "")
    earlier = sorted(
        (path for path in folder.iterdir() if path.name.isdigit()),
        key=lambda path: path.stat().st_mtime,
    )
    for path in earlier[:-KEEP]:
        with suppress(OSError):  # somebody is at work in it
            os.close(_take(path))
            shutil.rmtree(path)
            _lock_of(path).unlink()
    return session


def _take(session: Path) -> int:
    """Hold a session as long as the descriptor that is returned is open; raise OSError where
    another process has it. The folder itself is the learner's, who may want to lock it."""
    descriptor = os.open(_lock_of(session), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _lock_of(session: Path) -> Path:
    return session.with_name(f".{session.name}.lock")


def new_folder(kind: str, name: str) -> Path:
    """A folder nobody else has: ``<session>/<kind>/<name>-1`` and so on. Raise PipelineError
    where it cannot be made."""
    folder = start() / kind
    with writing(folder):
        return _numbered(folder, _slug(name) + "-")


def told(folder: Path | None) -> dict[str, Any]:
    """What an output says of the run that it shows, as metadata: where its folder lies below the
    workbench's home. Who executes notebooks keeps such runs; nothing for one that lies elsewhere.
    """
    inside = folder is not None and folder.is_relative_to(home())
    return {"workbench": {"run": folder.relative_to(home()).as_posix()}} if inside else {}


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Where the disk refuses to write there, raise PipelineError, one line that says so."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PipelineError(f"{folder}: {reason}; a run needs a folder it can write to") from None


def _numbered(folder: Path, prefix: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    taken = [path.name.removeprefix(prefix) for path in folder.glob(prefix + "*")]
    first = 1 + max((int(number) for number in taken if number.isdigit()), default=0)
    for number in count(first):  # another process may take a number at the same moment
        path = folder / f"{prefix}{number}"
        try:
            path.mkdir()
        except FileExistsError:
            continue
        return path
    raise AssertionError


def earlier_runs(name: str) -> list[Path]:
    """Folders of this notebook's earlier runs of that name, the latest first."""
    runs = start().parent.glob(f"*/runs/{_slug(name)}-*")
    return sorted(runs, key=lambda path: path.stat().st_mtime, reverse=True)
