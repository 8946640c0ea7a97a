"""What a file is taken as: a problem, by its name or by what it answers; nothing; or for a
person."""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from workbench.cohort.documents import READ, is_readable, words_of
from workbench.cohort.layouts import Owned
from workbench.cohort.names import problems_in
from workbench.cohort.sources import TOOLS
from workbench.exercises.answers import SUFFIXES, held_in
from workbench.exercises.cells import plain
from workbench.exercises.check import starter
from workbench.exercises.contents import LARGEST, decoded
from workbench.exercises.parts import Held
from workbench.exercises.registry import exercises, graded
from workbench.graph import PipelineError

ANSWER = re.compile(r"%%answer[ \t\xa0]+([\w-]+)")
# A document may be somebody's answer and cannot be read as one.
DOCUMENTS = {".pdf", ".doc", ".rtf", ".tex", ".pages", ".heic", *READ}
TEXTS = {".txt", ".json", ".download", ""}  # what a browser or a mailer makes of a notebook's name
MEANT = r"\.(ipynb|py|md|txt)(?=[\s.(_-]|$)"
COURSE = {"solutions", "src", "notebooks"}  # beside exercises/: a fork of the course
INSTEAD = "ask for a file that is read, and write `ignored`"
BOM = b"\xef\xbb\xbf"
UNNAMED = "no problem can be read in its name, and it has no %%answer"
BY_NAME, BY_ANSWER = "by its name", "by the %%answer in it"


@dataclass(frozen=True)
class File:
    """A file of a learner's, as what it can be taken."""

    owned: Owned

    @property
    def content(self) -> bytes | None:
        """What it holds, read anew each time: not all files of a class are held at once."""
        return self.owned.exported.read()

    @cached_property
    def _seen(self) -> tuple[str, bool, tuple[str, ...]]:
        """The hash of what it holds, "" for nothing that can be read; whether that looks like a
        notebook; and what its cells say they answer."""
        content = self.content
        if content is None:
            return "", False, ()
        is_notebook = content.removeprefix(BOM).lstrip()[:1] == b"{" and b'"cells"' in content
        text = content.decode("utf-8", errors="replace") if b"%%answer" in content else ""
        names = tuple(dict.fromkeys(ANSWER.findall(text)))
        return hashlib.sha256(content).hexdigest(), is_notebook, names

    @property
    def sha256(self) -> str:
        return self._seen[0]

    @cached_property
    def suffix(self) -> str:
        """What kind of file it is, by its name's ending and, where that is spoilt, its content."""
        name = self.owned.rest.name.strip().casefold()
        own = PurePosixPath(name).suffix.strip()
        if own in TEXTS and self._seen[1]:
            return ".ipynb"
        meant = re.findall(MEANT, name)
        return f".{meant[0]}" if meant and own in TEXTS else own

    def stored(self) -> tuple[str, bytes]:
        """The ending and the content that it is kept with; raise PipelineError for what is no
        answer in any reading."""
        content = self.content if self.suffix in {*SUFFIXES, *READ} else None
        if content is not None and self.suffix in SUFFIXES:
            return self.suffix, content
        words = None if content is None else words_of(self.suffix, content)
        if words is not None:  # as of typed text
            return ".txt", words.encode()
        raise PipelineError(
            f"{self.owned.exported.path}: {self.suffix or 'this'} cannot be judged; {INSTEAD}"
        )

    def held(self, problem: str) -> Held | None:
        """What it holds of an answer to the problem; None for what cannot be read."""
        exercise = exercises()[problem]
        try:
            suffix, content = self.stored()
            name = PurePosixPath(self.owned.rest.name)
            where = Path(name if name.suffix == suffix else f"{name}{suffix}")
            text, beginning = decoded(content, where), starter(exercise)
            return held_in(exercise.name, exercise.cells, where.name, text, beginning)
        except PipelineError:
            return None

    @cached_property
    def answers(self) -> set[str]:
        """The exercises that its cells say they answer."""
        if self.suffix not in SUFFIXES:
            return set()
        said = {plain(name) for name in self._seen[2]}
        return {name for name in exercises() if plain(name) in said}

    def recognised(self) -> tuple[str, str, str]:
        """The problem, "" for none; by which rule, or why not; why a person has to look at it."""
        exported, named = self.owned.exported, problems_in(self.owned.rest.name)
        problem = next(iter(named)) if len(named) == 1 else ""
        if exported.refused:
            waits = exported.waits or (problem and not exported.refused.startswith(TOOLS))
            return (
                (problem, exported.refused, exported.refused)
                if waits
                else ("", exported.refused, "")
            )
        if len(named) > 1:
            return "", "", f"several problems can be read in its name: {', '.join(sorted(named))}"
        if exported.size > LARGEST or not self.sha256:
            why = f"it is larger than {LARGEST >> 20} MB, or damaged: {INSTEAD}"
            # Nobody can tell whether there is an answer in it.
            waits = problem or self.suffix in {*SUFFIXES, *DOCUMENTS, *TEXTS}
            return problem, why, why if waits else ""
        if self.suffix not in SUFFIXES:
            return self._unreadable(problem)
        if problem and self.answers - {problem}:
            answered = ", ".join(sorted(self.answers))
            return problem, "", f"its name says {problem}, its %%answer says {answered}"
        if problem:
            return problem, BY_NAME, ""
        if len(self.answers) == 1 and self.answers <= {*graded()}:
            return next(iter(self.answers)), BY_ANSWER, ""
        return self._unnamed()

    def _unreadable(self, problem: str) -> tuple[str, str, str]:
        why = (
            f"it ends in {self.suffix or 'nothing'}, which is not read ({', '.join(SUFFIXES)} are)"
        )
        if self.suffix in READ and is_readable(self.suffix, self.content or b""):
            why = "a document: its words are read where you say which problem it is"
        elif problem or self.suffix in DOCUMENTS:
            why += f": {INSTEAD}"
        return problem, why, why if problem or self.suffix in DOCUMENTS else ""

    def _unnamed(self) -> tuple[str, str, str]:
        named = ", ".join(sorted(self.answers.intersection(graded())))
        if named:
            return "", "", f"it answers several problems; as taken, its problem is {named}"
        if self.answers:
            return "", f"it answers {', '.join(sorted(self.answers))}, which is in no grade", ""
        return "", UNNAMED, UNNAMED if self.suffix == ".ipynb" else ""


def is_of_the_course(rest: PurePosixPath, folders: set[PurePosixPath]) -> bool:
    """Whether a file of a fork is the course's own: what a learner writes is in exercises/."""
    for root in rest.parents:
        if root / "exercises" in folders and any(root / name in folders for name in COURSE):
            return rest.relative_to(root).parts[0] != "exercises"
    return False
