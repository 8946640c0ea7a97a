"""What a task prints, logs and warns goes into its attempt's log, and all else where it went."""

import contextvars
import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

_current: contextvars.ContextVar["Log | None"] = contextvars.ContextVar(
    "log of the running attempt", default=None
)
_lock = threading.RLock()
_users = 0
_routes = ExitStack()  # empty, or with what stands between the tasks and the streams
_PACKAGE = str(Path(__file__).parent)


def log_of(folder: Path, task: str, attempt: int) -> Path:
    """The file of an attempt's log in a run's folder."""
    return folder / "logs" / quote(task, safe="[]") / f"{attempt}.txt"


class Log:
    """The log of one attempt: a file that exists once something was written, readable while the
    task runs."""

    def __init__(self, path: Path) -> None:
        self.path, self._file = path, None

    def write(self, text: str) -> int:
        with _lock:
            if text and self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.path.open("a", encoding="utf-8", errors="replace", buffering=1)
            if self._file and not self._file.closed:
                self._file.write(text)
        return len(text)

    def close(self) -> None:
        if self._file:
            self._file.close()

    @property
    def used(self) -> bool:
        return self._file is not None or self.path.exists()


class _Router:
    """Stands in for sys.stdout or sys.stderr: text of a task goes to its log, other text to the
    stream as it was."""

    def __init__(self, stream) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        log = _current.get()
        return (log or self._stream).write(text)

    def writelines(self, lines) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        if _current.get() is None:
            self._stream.flush()

    def __getattr__(self, name: str):
        return getattr(self._stream, name)


class _Handler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        if log := _current.get():
            log.write(self.format(record) + "\n")
        elif logging.getLogger().handlers == [self] and record.levelno >= logging.WARNING:
            logging.lastResort.handle(record)


@contextmanager
def listening() -> Iterator[None]:
    """Route output by task while this is open; may be nested, and used from several threads at
    once."""
    global _users  # noqa: PLW0603 - the interpreter has one stdout and one root logger
    with _lock:
        _users += 1
        if _users == 1:
            _routes.enter_context(_routed())
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0:
                _routes.close()


@contextmanager
def _routed() -> Iterator[None]:
    """Put the workbench between the tasks and stdout, stderr, logging and warnings.

    What somebody else has put there meanwhile, as a notebook or pytest does, is left as it is.
    """
    out, err, show, root = sys.stdout, sys.stderr, warnings.showwarning, logging.getLogger()
    level, handler = root.level, _Handler(logging.INFO)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))

    def show_in_log(message, category, filename, lineno, file=None, line=None) -> None:
        if log := _current.get():
            log.write(f"{category.__name__}: {message}\n")
        else:
            show(message, category, filename, lineno, file, line)

    sys.stdout, sys.stderr, warnings.showwarning = _Router(out), _Router(err), show_in_log
    root.addHandler(handler)
    root.setLevel(min(level or logging.INFO, logging.INFO))
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        if isinstance(sys.stdout, _Router):
            sys.stdout = out
        if isinstance(sys.stderr, _Router):
            sys.stderr = err
        if warnings.showwarning is show_in_log:
            warnings.showwarning = show


@contextmanager
def into(log: Log) -> Iterator[None]:
    """Send what this thread prints, logs and warns to ``log``."""
    token = _current.set(log)
    try:
        yield
    finally:
        _current.reset(token)
        log.close()


def attach(log: Log | None) -> None:
    """The same from here on, in code that an engine runs: the log stays open, None ends it."""
    _current.set(log)


def learners_traceback(error: BaseException) -> str:
    """The traceback without the workbench's own frames: it begins in the learner's code."""
    trace = traceback.TracebackException.from_exception(error)
    _trim(trace)
    return "".join(trace.format())


def _trim(trace: traceback.TracebackException) -> None:
    for part in (trace, trace.__cause__, trace.__context__):
        if part is not None:
            kept = [frame for frame in part.stack if not frame.filename.startswith(_PACKAGE)]
            for frame in kept:
                _ = frame.line  # read now, while the file still has its real name
                if "ipykernel_" in frame.filename:
                    frame.filename = "notebook cell"
            part.stack = traceback.StackSummary.from_list(kept)
            if part is not trace:
                _trim(part)


def words_of(error: BaseException) -> str:
    """Its message on one line; nothing where what its author wrote to say it raises itself."""
    try:
        return " ".join(str(error).split())
    except BaseException:
        return ""


def one_line(error: BaseException) -> str:
    """``Type: message`` on one line, as it stands in a record."""
    text = words_of(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
