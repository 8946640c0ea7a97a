"""What a result depends on, as hashes: a result is that of these and of nothing else."""

import hashlib
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import workbench
from workbench.cohort.handins import HandIn
from workbench.exercises.contents import LARGEST
from workbench.exercises.registry import exercises
from workbench.sandbox.regular import opened_itself

SOURCE = Path(workbench.__file__).parent
JUDGE = ("exercises/*.py", "sandbox/*.py", "prose/**/*", "engines/**/*.py", "wording.py")
CHUNK = 1 << 20
LENGTH = 16  # hexadecimal digits that are kept of a hash


@dataclass(frozen=True)
class Key:
    """What was judged (answer), by what (exercise, judge), how confined, with which inputs."""

    answer: str
    exercise: str
    judge: str
    confinement: str
    seed: int


def of_answer(hand_in: HandIn) -> str:
    """The hash of what was handed in; of what is refused unread also of why: it is decided by a
    person, and for this alone."""
    told = [hand_in.refused.encode(errors="surrogateescape")]
    for path in hand_in.files:
        told += [path.suffix.encode(errors="surrogateescape"), _of_file(path)]
    return _hashed(told)


@cache
def of_exercise(problem: str, words: bool) -> str:
    """The hash of what is asked and how it is judged."""
    exercise = exercises().get(problem)
    paths = exercise.folder.glob("*.*") if exercise else ()
    return _hashed([*_contents(paths), str(words).encode()])


@cache
def of_judge() -> str:
    """The hash of the code that all exercises are judged with."""
    paths = [path for pattern in JUDGE for path in SOURCE.glob(pattern)]
    return _hashed([*_contents(paths), sys.version.split()[0].encode()])


def seed_of(learner: str, answer: str, seed: int) -> int:
    """What the inputs are drawn from: the class's seed, who it is and, as its report tells the
    seed, what was handed in: no later answer can know them."""
    drawn = hashlib.sha256(f"{seed}:{answer}:{learner}".encode(errors="surrogateescape"))
    return int.from_bytes(drawn.digest()[:4], "big")


def _contents(paths: Iterable[Path]) -> list[bytes]:
    files = (path for path in sorted(paths) if path.suffix in (".py", ".toml", ".txt", ".ipynb"))
    return [part for path in files for part in (path.name.encode(), path.read_bytes())]


def _of_file(path: Path) -> bytes:
    """The digest of an ordinary file, of a larger one than any answer that of how it begins, and
    its size; of a link where it leads; of what is neither, nothing is read."""
    digest = hashlib.sha256()
    with suppress(OSError):  # it is no link
        return b"a link to " + os.fsencode(os.readlink(path))
    file = opened_itself(path)
    if file is None:
        return b"not a file"
    with file:
        size = os.fstat(file.fileno()).st_size
        digest.update(b"" if size <= LARGEST else size.to_bytes(8, "big"))
        while file.tell() <= LARGEST and (part := file.read(CHUNK)):
            digest.update(part)
    return digest.digest()


def _hashed(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:LENGTH]
