"""A file of somebody's, executed to see what it leaves; what it would begin to run is not run."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import ModuleType
from typing import Any

from workbench.capture import words_of
from workbench.engines.registry import Spec, absent, hook
from workbench.extras import remedy_for
from workbench.graph import PipelineError

_left: list[str] = []  # folders of files that were read, the latest first: its names are meant
listed: ContextVar[bool] = ContextVar("files are read for a list of what is in them", default=False)
MOST = 200  # characters of an error that are told; some have a whole exchange in them


class ReadingEnds(BaseException):
    """Raised where a file that is only read would run, serve or deploy what it has defined."""


class File(ModuleType):
    """A file that was read. It stays importable by its name, where nobody else has that: what is
    defined in it can then be pickled, and what its annotations name is found."""


def executed(path: Path, engines: tuple[Spec, ...] = ()) -> dict[str, Any]:
    """The file's variables, those before what it would run with one of the ``engines``; raise
    PipelineError with the line when it does not come to its end."""
    module = File(path.stem)
    module.__file__ = str(path.absolute())
    with ExitStack() as stack:
        for spec in engines:
            if spec.reading and not absent(spec):
                stack.enter_context(hook(spec, spec.reading)())
        stack.enter_context(_alone(module, str(path.absolute().parent)))
        try:
            exec(compile(path.read_bytes(), module.__file__, "exec"), vars(module))
        except ReadingEnds:
            pass
        except BaseException as error:  # a file may end in any way, sys.exit included
            raise _told(path, error) from None
    return dict(vars(module))


@contextmanager
def _alone(module: File, folder: str) -> Iterator[None]:
    """As Python has it for a script: no arguments, and its neighbours first among what can be
    imported. They are left there, last, for what imports them only when it runs."""
    arguments, sys.argv = sys.argv, [module.__file__]
    for name, other in [*sys.modules.items()]:
        elsewhere = isinstance(other, File) and Path(other.__file__).parent != Path(folder)
        if elsewhere and Path(folder, f"{name}.py").is_file():
            del sys.modules[name]  # or a neighbour of this name would be that file
    earlier = sys.modules.get(module.__name__)
    sys.path.insert(0, folder)
    sys.modules[module.__name__] = module
    try:
        yield
    finally:
        sys.argv = arguments
        sys.path.remove(folder)
        if folder in _left or folder not in sys.path:
            _left[:] = [folder, *(other for other in _left if other != folder)]
        sys.path[:] = [*(other for other in sys.path if other not in _left), *_left]
        if earlier is not None and not isinstance(earlier, File):
            sys.modules[module.__name__] = earlier


def _told(path: Path, error: BaseException) -> PipelineError:
    """The error in a line, with that of the file."""
    frames = traceback.extract_tb(sys.exc_info()[2])  # its author may keep its own from us
    inside = [frame.lineno for frame in frames if frame.filename == str(path.absolute())]
    kind = type(error)  # not by isinstance, which would believe the error's __class__
    if issubclass(kind, SyntaxError) and not inside:
        inside = [error.lineno]
    line = inside[-1] if inside else None
    where = f", line {line}" if line else ""
    text = " ".join(remedy_for(error).split()) or words_of(error)
    if len(text) > MOST:
        text = f"{text[:MOST].rstrip()} …"
    if issubclass(kind, FileNotFoundError) and (path.parent / str(error.filename)).exists():
        text += "; it lies beside the file, which finds it by Path(__file__).with_name(…)"
    name = "" if kind is PipelineError else f"{kind.__name__}: "
    return PipelineError(f"{path}{where}: {name}{text}")
