"""What a task prints, logs and warns goes into its attempt's log, and all else where it went."""

import contextvars
import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_current: contextvars.ContextVar["Log | None"] = contextvars.ContextVar(
    "log of the running attempt", default=None
)
_lock = threading.RLock()
_users = 0
_PACKAGE = str(Path(__file__).parent)


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
    global _users  # noqa: PLW0603 - the interpreter has one stdout, one root logger and one showwarning
    with _lock:
        _users += 1
        if _users == 1:
            _install()
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0:
                _restore()


_before: dict = {}


def _install() -> None:
    root, handler = logging.getLogger(), _Handler(logging.INFO)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    _before.update(
        out=sys.stdout, err=sys.stderr, show=warnings.showwarning, level=root.level, handler=handler
    )
    sys.stdout, sys.stderr = _Router(sys.stdout), _Router(sys.stderr)
    warnings.showwarning = _show_warning
    root.addHandler(handler)
    root.setLevel(min(root.level or logging.INFO, logging.INFO))


def _restore() -> None:
    root = logging.getLogger()
    root.removeHandler(_before["handler"])
    root.setLevel(_before["level"])
    for name, key in (("stdout", "out"), ("stderr", "err")):
        if isinstance(getattr(sys, name), _Router):
            setattr(sys, name, _before[key])
    if warnings.showwarning is _show_warning:
        warnings.showwarning = _before["show"]


def _show_warning(message, category, filename, lineno, file=None, line=None) -> None:
    if log := _current.get():
        log.write(f"{category.__name__}: {message}\n")
    else:
        _before["show"](message, category, filename, lineno, file, line)


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


def one_line(error: BaseException) -> str:
    """``Type: message`` on one line, as it stands in a record."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
