"""Who is in the class: a CSV as a learning system, a registrar or an instructor makes it."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from workbench.cohort import files
from workbench.graph import PipelineError

FILE = "roster.csv"
PARTICIPANT = "participant"  # the id of an export, where a name alone does not say who it is
# What a column may be called, in the order in which it is asked for.
IDS = ("learner", "id", "student_id", "github_username", "username", "identifier", "id number")
IDS += ("sid", "student id", "sis login id", "login id", "sis user id", "email address", "email")
NAMES = ("name", "full name", "student", "student name")
NOBODY = ("Points Possible", "Student, Test")  # lines of Canvas's gradebook
FIRST, LAST = ("first name", "first_name"), ("last name", "last_name", "surname")


@dataclass(frozen=True)
class Person:
    """One line: whose id it is, what they are called, and all that the line says."""

    id: str
    name: str
    row: dict[str, str]

    def called(self, *titles: str) -> str:
        """What stands in the first column of one of these titles that holds anything."""
        plain = {title.strip().casefold(): value.strip() for title, value in self.row.items()}
        return next((plain[title] for title in titles if plain.get(title)), "")

    @property
    def known_as(self) -> set[str]:
        """All that a learning system may call them, as `plain` makes it."""
        email = self.called("email address", "email", "e-mail")
        titles = (*IDS, PARTICIPANT)
        names = (self.name, *map(self.called, titles), email.partition("@")[0])
        return {plain(name) for name in names if name}


def plain(name: str) -> str:
    """A name as it is compared: an ü is one sign or two, by who wrote it."""
    return unicodedata.normalize("NFKC", name).casefold()


def read(root: Path, path: Path | None = None) -> list[Person]:
    """The people of a class's own roster, or of the one at the path.

    Raise PipelineError where there is no column that says who they are, and where two who are not
    called the same have one id.
    """
    rows = files.rows_of(path or root / FILE, missing=path is None)
    path = path or root / FILE
    people = [_person(row) for row in rows if any(row.values())]
    people = [person for person in people if person.name.strip() not in NOBODY]
    if nobody := [number for number, person in enumerate(people, 2) if not person.id]:
        columns = "id, username or email"
        raise PipelineError(f"{path}: line {nobody[0]} says of nobody; it needs a column {columns}")
    called: dict[str, str] = {}
    for number, person in enumerate(people, 2):  # somebody may be in two sections
        if (other := called.setdefault(person.id, person.name)) != person.name:
            both = f"{other or 'nobody'} and {person.name or 'nobody'}"
            raise PipelineError(f"{path}: line {number}: {both} have one id, {person.id}")
    return people


def _person(row: dict[str, str]) -> Person:
    unnamed = Person("", "", row)
    parts = unnamed.called(*FIRST), unnamed.called(*LAST)
    name = " ".join(filter(None, parts)) or unnamed.called(*NAMES)
    return Person(files.folder_of(unnamed.called(*IDS)), name, row)
