"""Files that are whole: written to the side and renamed, by one process at a time.

Whoever reads sees the older one or the new one; a link in its place is replaced, never followed.
"""

import contextlib
import csv
import fcntl
import hashlib
import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from workbench.graph import PipelineError
from workbench.sandbox.message import in_a_line, printable

LOCK = ".grades.lock"
csv.field_size_limit(1 << 30)  # what is written into a table is read again, however long it is
# How a spreadsheet knows what it is to compute: where a cell begins, also for one that parts cells
# at semicolons or tabs, and by signs as wide as Chinese ones; an apostrophe more says: it is text.
SIGNS, PARTING = "=+\\-@＝＋－＠", "\t\r\n"
BEGUN, MADE_HARMLESS = (
    re.compile(
        rf"(\A|[;{PARTING}]){more}(?='*[{SIGNS}])|\A{more}(?='*[{PARTING}])",
    )
    for more in ("", "'")
)
OURS = ("class.toml", "collected.csv", "decisions.csv", "roster.csv", "grades.csv", "timings.csv")
PAGES = ("junit.xml", "index.html", "anonymous.html")
PAGES += ("feedback", "learners", "results", "export")
RESERVED = {LOCK, *OURS, *PAGES, "con", "prn", "aux", "nul"}
RESERVED |= {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
UTF_16, NAMED = (b"\xff\xfe", b"\xfe\xff"), "sep="  # how some of Excel's tables begin
WINDOWS = "cp1252"
LONGEST = 120  # bytes of a name: a file system takes 255, and endings are added
DIGITS = 16  # of a hash, which tells apart what is cut
CUT = re.compile(rf"~[0-9a-f]{{{DIGITS}}}\Z")


def folder_of(learner: str) -> str:
    """The name of a learner's folder: their own, unless a file system or a table would take it for
    something else; then in percent signs. No two have the same."""
    odd = in_a_line(learner) != learner or "/" in learner
    # What is not UTF-8 in a name comes as surrogates, which stand for its bytes.
    name = quote(os.fsencode(learner), safe=" ") if odd else learner.replace("%", "%25")
    taken = name.split(".")[0].lower() in RESERVED or name.lower() in RESERVED
    if taken or name.startswith("."):  # as files of ours do that are not whole yet
        name = f"%{ord(name[0]):02X}{name[1:]}"
    content = name.encode()
    if len(content) > LONGEST or CUT.search(name):
        drawn = hashlib.sha256(content).hexdigest()[:DIGITS]
        name = content[: LONGEST - DIGITS - 1].decode(errors="ignore") + f"~{drawn}"
    return name


def write(path: Path, content: str | bytes) -> None:
    """Put the content in the place of the file; raise PipelineError where that cannot be.

    Call it in your `turn`: the file to the side is one that a killed process may have left.
    """
    with telling():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
        try:
            with open(beside, "xb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
            os.replace(beside, path)
        except BaseException:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The rows as CSV that no spreadsheet computes."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def zipped(path: Path, inside: Mapping[str, Path]) -> Path:
    """Write an archive of files by their names in it, the same bytes for the same files; give its
    path."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in sorted(inside.items()):
            archive.writestr(zipfile.ZipInfo(name), file.read_bytes(), zipfile.ZIP_DEFLATED)
    write(path, content.getvalue())
    return path


def harmless(cell: str) -> str:
    """The cell as text in every spreadsheet."""
    text = printable(os.fsencode(cell).decode(errors="backslashreplace"))
    return BEGUN.sub(r"\1'", text)


def rows_of(path: Path, columns: Sequence[str] = (), missing: bool = True) -> list[dict[str, str]]:
    """The rows of a table, none where there is none and it may be missing; raise PipelineError for
    one that lacks a column or is no table."""
    try:
        text = _decoded(path.read_bytes())
        header, _, below = text.partition("\n")
        separator = max(",;\t", key=header.count)
        if header.startswith(NAMED):  # what Excel writes before the header
            separator = header[len(NAMED) :].strip()[:1] or separator
            text = below
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
        rows, titles = list(reader), reader.fieldnames or ()
    except FileNotFoundError:
        if missing:
            return []
        raise PipelineError(f"{path}: there is no such file") from None
    except (OSError, ValueError, csv.Error) as error:
        raise PipelineError(
            f"{path}: {error}; it is to be a table of comma-separated values"
        ) from None
    if lacking := [column for column in columns if column not in titles and titles]:
        raise PipelineError(f"{path}: it has no column {', '.join(lacking)}")
    return [{name: _meant(value or "") for name, value in row.items() if name} for row in rows]


def _decoded(content: bytes) -> str:
    """The text of a table: Excel saves UTF-16, or what Windows has instead of Unicode, too."""
    if content[:2] in UTF_16:
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode(WINDOWS)


def as_read(cell: str) -> str:
    """The cell as it comes back from a table: of signs that are no text, the escapes."""
    return _meant(harmless(cell))


def _meant(cell: str) -> str:
    """A cell before it was made harmless."""
    return MADE_HARMLESS.sub(r"\1", cell)


@contextmanager
def taken_back(root: Path) -> Iterator[None]:
    """Let a class that was made in the block be gone again where the block fails, with the folders
    made for it; what was there stays."""
    made = [folder for folder in (root, *root.parents) if not os.path.lexists(folder)]
    own = [root / name for name in ("learners", LOCK, *OURS)]
    new = [path for path in own if not os.path.lexists(path)]
    try:
        yield
    except BaseException:
        for path in new if own[0] in new else ():
            shutil.rmtree(path, ignore_errors=True)
            with contextlib.suppress(OSError):
                path.unlink()
        for folder in made:
            with contextlib.suppress(OSError):  # somebody else has put something there
                folder.rmdir()
        raise


@contextmanager
def turn(root: Path) -> Iterator[None]:
    """Alone with the files there: a second grader waits, so that neither loses what the other
    writes."""
    with telling():
        descriptor = os.open(root / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def telling(purpose: str = "it is where the results go to") -> Iterator[None]:
    """Where the disk refuses, raise PipelineError with the path."""
    try:
        yield
    except OSError as error:
        where = printable(os.fsdecode(error.filename2 or error.filename or "the disk"))
        raise PipelineError(f"{where}: {error.strerror}; {purpose}") from None
